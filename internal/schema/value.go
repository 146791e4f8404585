package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
)

// errDate says that a text is not a date.
var errDate = errors.New("not a date")

// Encode gives what is to be stored for a value that came as JSON or from the
// configuration: nil, a time, or the text that Better Auth's driver would send.
// Postgres reads the text as the column's type and refuses what does not fit,
// the empty text for what is no date among it.
func (f *Field) Encode(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if f.Type != Date {
			return v
		}
		if date, err := ParseDate(v); err == nil {
			return date
		}
		return ""
	case []any:
		if !f.HoldsJSON() {
			return arrayText(v)
		}
	}
	if n, isNumber := v.(json.Number); isNumber && f.Type == Date {
		if f, _ := n.Float64(); math.IsInf(f, 0) {
			return "" // no date, where Postgres has one of that name
		}
	}
	return plainText(v)
}

// plainText writes a scalar or an object as JavaScript turns it into text.
func plainText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		if n, _ := v.Float64(); math.IsInf(n, 0) {
			return "Infinity" // which no column takes for a number
		}
	}
	return jsonText(v)
}

// arrayText writes a list as a Postgres array.
func arrayText(list []any) string {
	parts := make([]string, len(list))
	for i, item := range list {
		switch item := item.(type) {
		case nil:
			parts[i] = "NULL"
		case []any:
			parts[i] = arrayText(item)
		default:
			parts[i] = `"` + arrayEscapes.Replace(plainText(item)) + `"`
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

var arrayEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// jsonText writes a value as JSON with numbers as JavaScript has them.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(doubles(v)); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// doubles replaces the numbers in v by the nearest ones that JavaScript has.
func doubles(v any) any {
	switch v := v.(type) {
	case json.Number:
		n, _ := v.Float64()
		switch {
		case math.IsInf(n, 0):
			return nil
		case n == 0:
			return 0 // there is no -0 in its JSON
		}
		return n
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = doubles(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = doubles(v[name])
		}
		return out
	}
	return v
}

// dateForms are the forms of dates that JavaScript writes (ECMA-262, section
// 21.4.1.32), and the one of HTTP. A fraction of a second may follow seconds.
var dateForms = []struct {
	form  string
	local bool
}{
	{"2006-01-02T15:04:05Z07:00", false},
	{"2006-01-02T15:04Z07:00", false},
	{"2006-01-02", false},
	{"2006-01", false},
	{"2006", false},
	{"2006-01-02T15:04:05", true},
	{"2006-01-02T15:04", true},
	{"Mon, 02 Jan 2006 15:04:05 GMT", false},
}

// ParseDate reads a date, cut to milliseconds. One with a time of day and no
// offset is in the server's time zone.
func ParseDate(text string) (time.Time, error) {
	for _, f := range dateForms {
		zone := time.UTC
		if f.local {
			zone = time.Local
		}
		if t, err := time.ParseInLocation(f.form, text, zone); err == nil {
			return t.UTC().Truncate(time.Millisecond), nil
		}
	}
	return time.Time{}, errDate
}
