package api

import (
	"encoding/json"
	"math"
	"strings"
)

// Coerced is a text that any value becomes as JavaScript makes one of it, an object
// "[object Object]".
type Coerced string

// Texts is a member that is a text or a list of texts.
type Texts struct {
	Values []string
	// List tells that it came as a list.
	List bool
}

// Record is a member that is an object, whatever its own members.
type Record map[string]any

// errUnion is what the original says of a value that has none of several forms.
const errUnion = "Invalid input"

// textsOf reads a text or a list of texts.
func textsOf(v any) (Texts, bool) {
	switch v := v.(type) {
	case string:
		return Texts{Values: []string{v}}, true
	case []any:
		texts := Texts{List: true}
		for _, item := range v {
			text, ok := item.(string)
			if !ok {
				return Texts{}, false
			}
			texts.Values = append(texts.Values, text)
		}
		return texts, true
	}
	return Texts{}, false
}

// Coerce is what Coerced makes of a parsed value.
func Coerce(v any) string { return coerced(v) }

// coerced is String(v) of JavaScript.
func coerced(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case json.Number:
		return numberText(v)
	case []any:
		return joined(v)
	}
	return "[object Object]"
}

// joined is what JavaScript makes of a list, in which null is nothing.
func joined(list []any) string {
	parts := make([]string, len(list))
	for i, item := range list {
		if item != nil {
			parts[i] = coerced(item)
		}
	}
	return strings.Join(parts, ",")
}

// numberText writes a number as JavaScript does.
func numberText(n json.Number) string {
	f, _ := n.Float64()
	switch {
	case math.IsInf(f, +1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0" // -0 too
	}
	text, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(text)
}
