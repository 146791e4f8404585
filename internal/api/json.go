package api

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Member is one key and value of an Object.
type Member struct {
	Key   string
	Value any
}

// Object is a JSON object with an order of keys, for what the configuration
// shapes: users, sessions, claims.
type Object []Member

// Get gives the value of key, and whether it is there.
func (o Object) Get(key string) (any, bool) {
	for i := range o {
		if o[i].Key == key {
			return o[i].Value, true
		}
	}
	return nil, false
}

// Set replaces the value of key in its place, or appends it, as assignment to
// a JavaScript object does.
func (o Object) Set(key string, value any) Object {
	for i := range o {
		if o[i].Key == key {
			o[i].Value = value
			return o
		}
	}
	return append(o, Member{key, value})
}

// Time is how JavaScript writes a date: UTC, three decimals, Z.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// JSON writes v as JSON.stringify would write the same value: no spaces, no
// escaping of <, >, & or U+2028, dates through Time. Structs take their names
// from json tags, and omitempty leaves out nil pointers and empty strings.
func JSON(v any) ([]byte, error) { return AppendJSON(nil, v) }

// AppendJSON appends what JSON gives to dst.
func AppendJSON(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case string:
		return appendString(dst, v), nil
	case *string:
		if v == nil {
			return append(dst, "null"...), nil
		}
		return appendString(dst, *v), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case time.Time:
		return appendTime(dst, v), nil
	case Object:
		return appendObject(dst, v)
	case float64:
		return appendNumber(dst, v)
	case json.Number:
		return append(dst, v...), nil
	case json.RawMessage:
		return append(dst, v...), nil
	}
	return appendReflect(dst, reflect.ValueOf(v))
}

// appendNumber writes what is beyond all numbers as null, and no zero as negative
// (ECMA-262, 25.5.2.2); the others are the same in both languages.
func appendNumber(dst []byte, v float64) ([]byte, error) {
	switch {
	case math.IsInf(v, 0) || math.IsNaN(v):
		return append(dst, "null"...), nil
	case v == 0:
		return append(dst, '0'), nil
	}
	text, err := json.Marshal(v)
	return append(dst, text...), err
}

func appendTime(dst []byte, t time.Time) []byte {
	dst = append(dst, '"')
	dst = t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
	return append(dst, '"')
}

func appendObject(dst []byte, o Object) ([]byte, error) {
	dst = append(dst, '{')
	var err error
	for i := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, o[i].Key), ':')
		if dst, err = AppendJSON(dst, o[i].Value); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

func appendReflect(dst []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		return AppendJSON(dst, v.Elem().Interface())
	case reflect.Slice, reflect.Array:
		return appendList(dst, v)
	case reflect.Struct:
		return appendStruct(dst, v)
	case reflect.String:
		return appendString(dst, v.String()), nil
	case reflect.Map, reflect.Float64, reflect.Float32, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32,
		reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		// Numbers are written the same by both languages, and maps have no
		// order that anybody could rely on.
		text, err := json.Marshal(v.Interface())
		return append(dst, text...), err
	default:
		return nil, fmt.Errorf("no JSON form for %s", v.Type())
	}
}

func appendList(dst []byte, v reflect.Value) ([]byte, error) {
	dst = append(dst, '[')
	var err error
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = AppendJSON(dst, v.Index(i).Interface()); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func appendStruct(dst []byte, v reflect.Value) ([]byte, error) {
	dst = append(dst, '{')
	first := true
	var err error
	for _, f := range jsonFields(v.Type()) {
		fv := v.Field(f.index)
		if f.omitEmpty && fv.IsZero() {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendString(dst, f.name), ':')
		if dst, err = AppendJSON(dst, fv.Interface()); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

type jsonField struct {
	name      string
	index     int
	omitEmpty bool
}

var jsonFieldCache sync.Map // reflect.Type -> []jsonField

func jsonFields(t reflect.Type) []jsonField {
	if cached, ok := jsonFieldCache.Load(t); ok {
		return cached.([]jsonField)
	}
	var fields []jsonField
	for i := range t.NumField() {
		tag, ok := t.Field(i).Tag.Lookup("json")
		if !ok || tag == "-" {
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		fields = append(fields, jsonField{name: name, index: i, omitEmpty: opts == "omitempty"})
	}
	jsonFieldCache.Store(t, fields)
	return fields
}

// appendString quotes s as JSON.stringify does (ECMA-262, section 25.5.2.3).
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	default:
		const lowerHex = "0123456789abcdef"
		return append(dst, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
	}
}
