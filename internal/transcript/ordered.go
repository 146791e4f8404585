package transcript

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// node is a JSON value that keeps what encoding/json forgets: the order of
// keys and the exact text of every scalar, since both are compared.
type node struct {
	raw     string // a scalar's own text; "" for an object or array
	object  bool
	members []member
	items   []node
}

type member struct {
	rawKey, key string
	value       node
}

// errNotCompact says that a text is JSON, but not as JSON.stringify writes it.
var errNotCompact = errors.New("not compact JSON")

// parseCompact reads a text that must be JSON without any insignificant space.
func parseCompact(text string) (node, error) {
	n, err := parseOrdered(text)
	if err != nil {
		return node{}, err
	}
	if n.String() != text {
		return node{}, errNotCompact
	}
	return n, nil
}

// parseOrdered reads any JSON text.
func parseOrdered(text string) (node, error) {
	var raw json.RawMessage
	decoder := json.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(&raw); err != nil {
		return node{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return node{}, fmt.Errorf("text after the JSON value")
	}
	return parseValue(raw)
}

// parseValue splits an already valid value; it works on the text so that
// scalars keep theirs.
func parseValue(raw json.RawMessage) (node, error) {
	text := strings.TrimSpace(string(raw))
	switch {
	case strings.HasPrefix(text, "{"):
		return parseObject(text)
	case strings.HasPrefix(text, "["):
		return parseArray(text)
	}
	return node{raw: text}, nil
}

func parseObject(text string) (node, error) {
	n := node{object: true}
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return n, err
	}
	for decoder.More() {
		before := decoder.InputOffset()
		token, err := decoder.Token()
		if err != nil {
			return n, err
		}
		rawKey := strings.TrimLeft(text[before:decoder.InputOffset()], ", \t\r\n")
		value, err := nextValue(decoder)
		if err != nil {
			return n, err
		}
		n.members = append(n.members, member{rawKey: rawKey, key: token.(string), value: value})
	}
	return n, nil
}

func parseArray(text string) (node, error) {
	n := node{items: []node{}}
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return n, err
	}
	for decoder.More() {
		value, err := nextValue(decoder)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, value)
	}
	return n, nil
}

func nextValue(decoder *json.Decoder) (node, error) {
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		return node{}, err
	}
	return parseValue(raw)
}

// String writes the value without insignificant space.
func (n node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n node) write(b *strings.Builder) {
	switch {
	case n.object:
		b.WriteByte('{')
		for i, m := range n.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(m.rawKey + ":")
			m.value.write(b)
		}
		b.WriteByte('}')
	case n.items != nil:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.WriteString(n.raw)
	}
}

// text returns the string a node holds, and whether it is a string.
func (n node) text() (string, bool) {
	if !strings.HasPrefix(n.raw, `"`) {
		return "", false
	}
	var s string
	if err := json.Unmarshal([]byte(n.raw), &s); err != nil {
		return "", false
	}
	return s, true
}

// child returns the member of that name, the last one if it stands twice.
func (n node) child(key string) (node, bool) {
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].key == key {
			return n.members[i].value, true
		}
	}
	return node{}, false
}

// at walks a path of member names and array positions.
func (n node) at(path ...string) (node, bool) {
	for _, step := range path {
		var ok bool
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.items) {
			n = n.items[i]
		} else if n, ok = n.child(step); !ok {
			return node{}, false
		}
	}
	return n, true
}

// quote writes a string as JSON does in a browser: no HTML escaping.
func quote(s string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return `"?"` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}
