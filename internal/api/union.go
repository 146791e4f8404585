package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/origin"
)

// form is one of the shapes that a union may have. Its field is a pointer to a
// struct and carries the tag form:"strict", because members that the form does
// not name are refused. Decoding sets the first form that fits.
type form struct {
	shape
	index int
	input reflect.Type
}

func newForm(sf reflect.StructField, index int, src source) form {
	if kind := sf.Tag.Get("form"); kind != "strict" {
		panic("api: input field " + sf.Name + " is a form of a kind that has no rule yet: " + kind)
	}
	return form{shape: newShape(sf.Type.Elem(), src), index: index, input: sf.Type.Elem()}
}

// choose sets the field of the first form that fits. Where exactly one form is
// wrong only in members it does not know, the answer names those, as the
// original's does; otherwise it tells no more than that nothing fits.
func (s shape) choose(c *Call, members map[string]any, target reflect.Value) error {
	var near []string
	for _, f := range s.forms {
		in := reflect.New(f.input)
		if members == nil || f.fill(members, in.Elem(), string(f.src)) != nil {
			continue
		}
		unknown := f.unknown(members)
		if unknown == nil {
			target.Field(f.index).Set(in)
			return nil
		}
		near = append(near, unrecognized(inOrder(unknown, c.names(s.src))))
	}
	if len(near) == 1 {
		return validationError(fmt.Sprintf("[%s] %s", s.src, near[0]))
	}
	return validationError(fmt.Sprintf("[%s] Invalid input", s.src))
}

func (f form) unknown(members map[string]any) map[string]bool {
	var unknown map[string]bool
	for name := range members {
		if slices.ContainsFunc(f.fields, func(known field) bool { return known.name == name }) {
			continue
		}
		if unknown == nil {
			unknown = map[string]bool{}
		}
		unknown[name] = true
	}
	return unknown
}

func unrecognized(names []string) string {
	text := "Unrecognized key"
	if len(names) > 1 {
		text += "s"
	}
	return text + `: "` + strings.Join(names, `", "`) + `"`
}

// inOrder lists the names of a set as JavaScript lists the keys of an object:
// array indices by their value, then the others as they came.
func inOrder(set map[string]bool, came []string) []string {
	var indices, others []string
	for _, name := range came {
		if !set[name] {
			continue
		}
		delete(set, name)
		if n, err := strconv.ParseUint(name, 10, 32); err == nil && n < math.MaxUint32 && strconv.FormatUint(n, 10) == name {
			indices = append(indices, name)
		} else {
			others = append(others, name)
		}
	}
	slices.SortFunc(indices, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return append(indices, others...)
}

// names gives the names of the members of the body or the query as they came.
func (c *Call) names(src source) []string {
	if src == inBody {
		return jsonNames(c.bodyText)
	}
	var names []string
	for _, p := range origin.ReadForm(c.Request.URL.RawQuery) {
		names = append(names, p.Name)
	}
	return names
}

// jsonNames gives the names of the members of the object that text, which has
// been parsed before, holds.
func jsonNames(text []byte) []string {
	dec := json.NewDecoder(bytes.NewReader(text[max(0, bytes.IndexByte(text, '{')):]))
	if _, err := dec.Token(); err != nil {
		return nil
	}
	var names []string
	for dec.More() {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok || dec.Decode(new(json.RawMessage)) != nil {
			break
		}
		names = append(names, name)
	}
	return names
}
