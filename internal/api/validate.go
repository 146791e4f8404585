package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// source is where a handler's input comes from.
type source string

const (
	inBody  source = "body"
	inQuery source = "query"
)

// Truthy is a query parameter that counts as set whatever its text, as long as
// there is one: "false" and "0" are true, the empty string is not.
type Truthy bool

// Rest takes the members that no other field of an input names. An input that
// has one beside other fields reports a body of the wrong type twice, as the
// original's intersection with a record does.
type Rest map[string]any

// True is a member that must be true, no less.
type True bool

// shape is what the fields of an input struct ask of a body or query. A field
// that is a pointer is optional. The tag json names the member, the tag check
// adds a rule: email, nonempty (the tag empty has what else to say), union where
// the original takes other types beside a text, own where the handler has a rule
// that comes before any other, or examined where the input reads the member
// itself; the tag enum lists the only texts there are. A struct whose fields carry
// the tag form is a union.
type shape struct {
	src      source
	none     bool
	optional bool
	fields   []field
	rest     int
	forms    []form
}

type field struct {
	name     string
	index    int
	optional bool
	expected string // string, boolean, number, record, texts, coerced or true
	truthy   bool
	check    string
	enum     []string
	// empty is what is said of a text that must not be.
	empty string
	// compound is the rule of a member that is made of others.
	compound compound
}

func shapeOf[In any](src source) shape { return newShape(reflect.TypeFor[In](), src) }

func newShape(t reflect.Type, src source) shape {
	s := shape{src: src, rest: -1, none: t == reflect.TypeFor[None]()}
	if t.Kind() == reflect.Pointer {
		s.optional, t = true, t.Elem()
	}
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case f.Tag.Get("form") != "":
			s.forms = append(s.forms, newForm(f, i, src))
		case f.Type == reflect.TypeFor[Rest]():
			s.rest = i
		default:
			s.fields = append(s.fields, newField(f, i))
		}
	}
	return s
}

func newField(sf reflect.StructField, index int) field {
	f := field{name: sf.Tag.Get("json"), index: index, check: sf.Tag.Get("check"), empty: sf.Tag.Get("empty")}
	if list := sf.Tag.Get("enum"); list != "" {
		f.enum = strings.Split(list, ",")
	}
	t := sf.Type
	if t.Kind() == reflect.Pointer {
		f.optional, t = true, t.Elem()
	}
	f.compound = newCompound(t)
	switch {
	case f.check == "examined":
	case f.name == "":
		panic("api: input field " + sf.Name + " has no json tag")
	case f.compound != nil:
	case t == reflect.TypeFor[Truthy]():
		f.truthy, f.optional = true, true
	case t == reflect.TypeFor[True]():
		f.expected = "true"
	case t == reflect.TypeFor[Coerced]():
		f.expected = "coerced"
	case t == reflect.TypeFor[Texts]():
		f.expected = "texts"
	case t == reflect.TypeFor[Record]():
		f.expected = "record"
	case t.Kind() == reflect.Float64:
		f.expected = "number"
	case t.Kind() == reflect.String:
		f.expected = "string"
	case t.Kind() == reflect.Bool:
		f.expected = "boolean"
	default:
		panic("api: input field " + sf.Name + " has a type that has no rule yet")
	}
	return f
}

// decode validates the body or query of c and fills into, which points to the
// input struct, or to a nil pointer to one where the input is optional.
func (s shape) decode(c *Call, into any) error {
	if s.none {
		return nil
	}
	value := c.body
	if s.src == inQuery {
		value = c.queryObject()
	}
	if s.optional && value == undefined {
		return nil
	}
	members, ok := value.(map[string]any)
	target := reflect.ValueOf(into).Elem()
	switch {
	case s.forms != nil:
		return s.choose(c, members, target)
	case !ok:
		return validationError(strings.Join(append(s.wrongType(value), examine(into, nil)...), "; "))
	case s.optional:
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	if issues := append(s.fill(members, target, string(s.src)), examine(into, members)...); issues != nil {
		return validationError(strings.Join(issues, "; "))
	}
	return nil
}

// Examiner is an input that reads some members of the body itself, which is nil
// where it is no object. It gives the texts of what is wrong.
type Examiner interface {
	Examine(body map[string]any) []string
}

func examine(into any, members map[string]any) []string {
	if e, ok := into.(Examiner); ok {
		return e.Examine(members)
	}
	return nil
}

func (s shape) wrongType(v any) []string {
	var texts []string
	if s.rest < 0 || len(s.fields) > 0 {
		texts = append(texts, fmt.Sprintf("[%s] Invalid input: expected object, received %s", s.src, typeName(v)))
	}
	if s.rest >= 0 {
		texts = append(texts, fmt.Sprintf("[%s] Invalid input: expected record, received %s", s.src, typeName(v)))
	}
	return texts
}

// fill sets the fields of target, or gives the texts of what is wrong with the
// members of what is at a path.
func (s shape) fill(members map[string]any, target reflect.Value, at string) (issues []string) {
	for _, f := range s.fields {
		v, ok := members[f.name]
		if !ok {
			v = undefined
		}
		path, dst := at+"."+f.name, target.Field(f.index)
		if f.compound != nil && f.check != "examined" {
			issues = append(issues, f.fillCompound(v, dst, path)...)
			continue
		}
		for _, text := range f.set(v, dst) {
			issues = append(issues, fmt.Sprintf("[%s] %s", path, text))
		}
	}
	if issues == nil && s.rest >= 0 {
		target.Field(s.rest).Set(reflect.ValueOf(s.others(members)))
	}
	return issues
}

func (s shape) others(members map[string]any) Rest {
	rest := Rest{}
	for name, v := range members {
		rest[name] = v
	}
	for _, f := range s.fields {
		delete(rest, f.name)
	}
	return rest
}

// set stores v in dst, or gives the texts of what is wrong with it.
func (f field) set(v any, dst reflect.Value) []string {
	switch {
	case f.check == "examined":
		return nil
	case f.truthy:
		dst.SetBool(IsTruthy(v))
		return nil
	case v == undefined && f.optional:
		return nil
	case f.enum != nil && !f.lists(v):
		return []string{`Invalid option: expected one of "` + strings.Join(f.enum, `"|"`) + `"`}
	case v == undefined && f.expected == "coerced":
		return []string{"Invalid input: expected nonoptional, received undefined"}
	case f.expected == "true" && v != true:
		return []string{"Invalid input: expected true"}
	}
	value, ok := f.read(v)
	if !ok {
		return f.mismatch(v)
	}
	for _, text := range textsIn(value) {
		if issues := f.checkString(text); issues != nil {
			return issues
		}
	}
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	dst.Set(reflect.ValueOf(value).Convert(dst.Type()))
	return nil
}

// read gives v in the form that the field has, if it has the right type.
func (f field) read(v any) (value any, ok bool) {
	switch f.expected {
	case "true":
		return true, true
	case "coerced":
		return coerced(v), true
	case "texts":
		return textsOf(v)
	case "record":
		value, ok = v.(map[string]any)
		return value, ok
	case "number":
		n, ok := v.(json.Number)
		number, err := n.Float64()
		return number, ok && err == nil
	}
	return v, typeName(v) == f.expected
}

// textsIn gives the texts that a value is made of.
func textsIn(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case Texts:
		return value.Values
	}
	return nil
}

func (f field) lists(v any) bool {
	text, ok := v.(string)
	return ok && slices.Contains(f.enum, text)
}

func (f field) mismatch(v any) []string {
	if f.expected == "texts" || f.check == "union" {
		return []string{errUnion}
	}
	issues := []string{fmt.Sprintf("Invalid input: expected %s, received %s", f.expected, typeName(v))}
	// Length rules look at anything that has a length, so an empty list
	// breaks two rules at once.
	if list, ok := v.([]any); ok && f.check == "nonempty" && len(list) == 0 {
		issues = append(issues, cmp.Or(f.empty, "Too small: expected array to have >=1 items"))
	}
	return issues
}

func (f field) checkString(text string) []string {
	switch {
	case f.check == "email" && !IsEmail(text):
		return []string{"Invalid email address"}
	case f.check != "own" && strings.ContainsRune(text, 0):
		// Postgres cannot store it (promise 8).
		return []string{"Invalid string: must not contain a null character"}
	case f.check == "nonempty" && text == "":
		return []string{cmp.Or(f.empty, "Too small: expected string to have >=1 characters")}
	}
	return nil
}

// ErrQueryText refuses a parameter of the query that must be one text, where a
// route reads its body by a struct and the query beside it.
func ErrQueryText(name string, v any) error {
	return validationError(fmt.Sprintf("[%s.%s] Invalid input: expected string, received %s", inQuery, name, typeName(v)))
}

func validationError(text string) error {
	return NewError(http.StatusBadRequest, "VALIDATION_ERROR", text)
}

// typeName names the type of a parsed JSON value as JavaScript's validators do.
func typeName(v any) string {
	switch v := v.(type) {
	case undefinedType:
		return "undefined"
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		// A number that is too large reads as an infinity.
		switch n, _ := v.Float64(); {
		case math.IsInf(n, +1):
			return "Infinity"
		case math.IsInf(n, -1):
			return "-Infinity"
		}
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// IsTruthy tells whether JavaScript takes a parsed value for true.
func IsTruthy(v any) bool {
	switch v := v.(type) {
	case undefinedType, nil:
		return false
	case string:
		return v != ""
	case bool:
		return v
	case json.Number:
		n, err := v.Float64()
		return err != nil || n != 0
	default:
		return true
	}
}

// emailPattern is the validator's own rule (zod 4, core/regexes): ASCII only, and no
// bound on the length.
var emailPattern = regexp.MustCompile(`^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`)

// IsEmail tells whether the original would accept s as an e-mail address.
func IsEmail(s string) bool { return emailPattern.MatchString(s) }
