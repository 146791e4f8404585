package carry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// kind is what a node is, in words for messages.
type kind string

const (
	object  kind = "an object"
	list    kind = "a list"
	text    kind = "a text"
	literal kind = "a number or a switch" // as it is written
	null    kind = "null"
)

// node is a value of the options, with the keys of objects in their order.
type node struct {
	kind    kind
	text    string // of a text or a literal
	keys    []string
	members []*node // beside keys, or the items of a list
	// note is a word about the option, for a comment.
	note string
}

func newText(s string) *node { return &node{kind: text, text: s} }

// isTrue is the switch that is on.
func isTrue() *node { return &node{kind: literal, text: "true"} }

// get gives the member of an object; nil where there is none.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.members[i]
		}
	}
	return nil
}

// set gives an object a member, in the place of one of that name or at the end.
func (n *node) set(key string, member *node) {
	for i, k := range n.keys {
		if k == key {
			n.members[i] = member
			return
		}
	}
	n.put(key, member)
}

// all are the members; none of nothing.
func (n *node) all() []*node {
	if n == nil {
		return nil
	}
	return n.members
}

// texts are the members that are texts.
func (n *node) texts() (texts []string) {
	for _, m := range n.all() {
		if m.kind == text {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// find gives what stands under several keys, one inside the other; nil where there is nothing.
func find(n *node, keys []string) *node {
	for _, key := range keys {
		n = n.get(key)
	}
	return n
}

// ensure gives the object under several keys, and makes it where there is none.
func (n *node) ensure(keys ...string) *node {
	for _, key := range keys {
		next := n.get(key)
		if next == nil {
			next = &node{kind: object}
			n.put(key, next)
		}
		n = next
	}
	return n
}

// put adds to an object or a list.
func (n *node) put(key string, member *node) {
	if n.kind == object {
		n.keys = append(n.keys, key)
	}
	n.members = append(n.members, member)
}

// remove takes the i-th member out.
func (n *node) remove(i int) {
	if n.kind == object {
		n.keys = append(n.keys[:i:i], n.keys[i+1:]...)
	}
	n.members = append(n.members[:i:i], n.members[i+1:]...)
}

// Bounds of what is read: far more than options are, and little enough for any machine.
const (
	maxText  = 4 << 20
	maxDepth = 64
)

// MaxText is how many bytes of printed options are read.
const MaxText = maxText

// decode reads JSON.
func decode(data []byte) (*node, error) {
	switch data = bytes.TrimPrefix(data, []byte("\uFEFF")); {
	case len(data) > maxText:
		return nil, fmt.Errorf("is larger than %d MiB, which no options are", maxText>>20)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, errors.New("is empty: the script printed its reason to stderr")
	case !utf8.Valid(data):
		return nil, errors.New("is not UTF-8 text")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	n, err := decodeValue(decoder, 0)
	if err != nil {
		return nil, decodeError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("is not JSON: something follows its end")
	}
	return n, nil
}

func decodeError(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errDepth):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("is not JSON: it ends in the middle")
	case errors.As(err, &syntax):
		return fmt.Errorf("is not JSON: byte %d: %s", syntax.Offset, clip(syntax.Error()))
	}
	return fmt.Errorf("is not JSON: %s", clip(err.Error()))
}

var errDepth = fmt.Errorf("is nested deeper than %d levels, which no options are", maxDepth)

func decodeValue(decoder *json.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		return decodeMembers(decoder, token, depth)
	case string:
		return newText(token), nil
	case json.Number:
		return &node{kind: literal, text: token.String()}, nil
	case bool:
		return &node{kind: literal, text: fmt.Sprint(token)}, nil
	}
	return &node{kind: null}, nil
}

func decodeMembers(decoder *json.Decoder, begin json.Delim, depth int) (*node, error) {
	n := &node{kind: list}
	if begin == '{' {
		n.kind = object
	}
	for decoder.More() {
		var key string
		if n.kind == object {
			token, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			key, _ = token.(string)
		}
		member, err := decodeValue(decoder, depth+1)
		if err != nil {
			return nil, err
		}
		n.put(key, member)
	}
	_, err := decoder.Token()
	return n, err
}
