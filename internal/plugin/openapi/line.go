package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// line is one member of a schema, so many levels deep.
type line struct {
	Depth                int
	Name, Type, Doc, Ref string
	Required             bool
}

// orLine stands between the forms that a value may have.
const orLine = "or"

func newLine(name string, s api.Object, depth int) line {
	return line{Depth: depth, Name: name, Type: typeText(s), Doc: text(s, "description"), Ref: refOf(s)}
}

// members lists what a schema holds, level by level. A model is a link and not
// listed.
func members(s api.Object, depth int) []line {
	var out []line
	for _, form := range list(s, "anyOf") {
		if out != nil && get(form, "properties") != nil {
			out = append(out, line{Depth: depth, Name: orLine})
		}
		out = append(out, members(form, depth)...)
	}
	required, _ := s.Get("required")
	names, _ := required.([]string)
	for _, p := range get(s, "properties") {
		value := p.Value.(api.Object)
		l := newLine(p.Key, value, depth)
		l.Required = slices.Contains(names, p.Key)
		out = append(append(out, l), members(value, depth+1)...)
	}
	if items := get(s, "items"); items != nil {
		out = append(out, members(items, depth)...)
	}
	return out
}

// refOf is the name of what a schema refers to: straight, as one of several, or
// in a list.
func refOf(s api.Object) string {
	if ref := text(s, "$ref"); ref != "" {
		return ref[strings.LastIndex(ref, "/")+1:]
	}
	for _, form := range list(s, "anyOf") {
		if ref := refOf(form); ref != "" {
			return ref
		}
	}
	if items := get(s, "items"); items != nil {
		return refOf(items)
	}
	return ""
}

// typeText says in words what values a schema allows.
func typeText(s api.Object) string {
	var kinds []string
	switch kind, _ := s.Get("type"); kind := kind.(type) {
	case string:
		kinds = append(kinds, kind)
	case []any:
		for _, k := range kind {
			kinds = append(kinds, fmt.Sprint(k))
		}
	}
	for _, form := range list(s, "anyOf") {
		kinds = append(kinds, typeText(form))
	}
	if text(s, "$ref") != "" {
		kinds = append(kinds, "object")
	}
	out := strings.Join(kinds, " or ")
	if items := get(s, "items"); items != nil {
		out += " of " + typeText(items)
	}
	for _, key := range []string{"format", "const", "enum", "default"} {
		if value, ok := s.Get(key); ok {
			out += fmt.Sprintf(", %s %v", key, value)
		}
	}
	return strings.TrimPrefix(out, ", ")
}

// get follows keys down into a document; what is not there is nil.
func get(o api.Object, keys ...string) api.Object {
	for _, key := range keys {
		v, _ := o.Get(key)
		o, _ = v.(api.Object)
	}
	return o
}

// text gives a text, or nothing.
func text(o api.Object, key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}

// list gives a list of objects, or nothing.
func list(o api.Object, key string) []api.Object {
	v, _ := o.Get(key)
	l, _ := v.([]api.Object)
	return l
}
