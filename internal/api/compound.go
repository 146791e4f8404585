package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// compound reads a member that is made of others into dst, or gives the texts of
// what is wrong with it and them, at their paths.
type compound func(v any, dst reflect.Value, at string) []string

// newCompound gives the rule of an object with members of its own, of a list of
// texts or of an object of texts; nil for every other type.
func newCompound(t reflect.Type) compound {
	switch {
	case t == reflect.TypeFor[[]string]():
		return textList
	case t == reflect.TypeFor[map[string]string]():
		return textMembers
	case t.Kind() == reflect.Struct && t != reflect.TypeFor[Texts]():
		return members(newShape(t, inBody))
	}
	return nil
}

// fillCompound reads such a member, which may be left out where it is a pointer.
func (f field) fillCompound(v any, dst reflect.Value, at string) []string {
	if v == undefined && f.optional {
		return nil
	}
	if f.optional {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	return f.compound(v, dst, at)
}

func members(inner shape) compound {
	return func(v any, dst reflect.Value, at string) []string {
		object, ok := v.(map[string]any)
		if !ok {
			return []string{wrongKind(at, "object", v)}
		}
		return inner.fill(object, dst, at)
	}
}

func textList(v any, dst reflect.Value, at string) (issues []string) {
	list, ok := v.([]any)
	if !ok {
		return []string{wrongKind(at, "array", v)}
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i], issues = textItem(item, fmt.Sprintf("%s.%d", at, i), issues)
	}
	dst.Set(reflect.ValueOf(texts))
	return issues
}

func textMembers(v any, dst reflect.Value, at string) (issues []string) {
	object, ok := v.(map[string]any)
	if !ok {
		return []string{wrongKind(at, "record", v)}
	}
	texts := make(map[string]string, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		texts[name], issues = textItem(object[name], at+"."+name, issues)
	}
	if issues == nil {
		dst.Set(reflect.ValueOf(texts))
	}
	return issues
}

func textItem(v any, at string, issues []string) (string, []string) {
	text, ok := v.(string)
	if !ok {
		return "", append(issues, wrongKind(at, "string", v))
	}
	for _, issue := range (field{}).checkString(text) {
		issues = append(issues, fmt.Sprintf("[%s] %s", at, issue))
	}
	return text, issues
}

func wrongKind(at, expected string, v any) string {
	return fmt.Sprintf("[%s] Invalid input: expected %s, received %s", at, expected, typeName(v))
}

// BodyObject gives a member of the body, as the client sent it, with its own
// members in the order of JavaScript; nil where it is no object.
func (c *Call) BodyObject(name string) Object {
	var text []byte
	body := c.bodyText[max(0, bytes.IndexByte(c.bodyText, '{')):]
	if err := Members(body, func(key string, value []byte) error {
		if key == name {
			text = value
		}
		return nil
	}); err != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, _ := orderedValue(d)
	object, _ := v.(Object)
	return object
}
