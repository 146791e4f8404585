package openapi

import (
	"encoding/json"
	"iter"
	"reflect"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// reflectFields gives the fields of a struct that are members of its JSON form.
func reflectFields(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			if f := t.Field(i); memberName(f) != "" && memberName(f) != "-" && !yield(f) {
				return
			}
		}
	}
}

// formsOf gives the structs of which an input is one.
func formsOf(t reflect.Type) iter.Seq[reflect.Type] {
	return func(yield func(reflect.Type) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("form") != "" && !yield(f.Type.Elem()) {
				return
			}
		}
	}
}

// memberName is the name of a field in JSON.
func memberName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// input describes what a handler takes. Members that it does not know are
// dropped, unless it has forms, which refuse them.
func (d *document) input(t reflect.Type) api.Object {
	var forms []api.Object
	for form := range formsOf(t) {
		forms = append(forms, d.inputStruct(form).Set("additionalProperties", false))
	}
	if forms != nil {
		return object("anyOf", forms)
	}
	return d.inputStruct(t)
}

func (d *document) inputStruct(t reflect.Type) api.Object {
	properties, required := api.Object{}, []string{}
	for f := range reflectFields(t) {
		s, optional := d.inputField(f)
		if text := f.Tag.Get("doc"); text != "" {
			s = s.Set("description", text)
		}
		properties = properties.Set(memberName(f), s)
		if !optional {
			required = append(required, memberName(f))
		}
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Type == reflect.TypeFor[api.Rest]() {
			properties, required = d.rest(f.Tag.Get("model"), f.Tag.Get("rest"), properties, required)
		}
	}
	return structSchema(properties, required)
}

func structSchema(properties api.Object, required []string) api.Object {
	s := object("type", "object", "properties", properties)
	if len(required) > 0 {
		s = s.Set("required", required)
	}
	return s
}

// rest adds the fields that the configuration gives to a model and that clients
// may set. When a row changes, none is required.
func (d *document) rest(model, when string, properties api.Object, required []string) (api.Object, []string) {
	t := d.Set.Table(model)
	if t == nil {
		return properties, required
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		if _, known := properties.Get(f.Name); known || f.NoInput || schema.IsCore(model, f.Name) {
			continue
		}
		properties = properties.Set(f.Name, value(f))
		if f.Required && !f.Lax && f.Default == nil && !f.DefaultNow && when != "change" {
			required = append(required, f.Name)
		}
	}
	return properties, required
}

// inputField describes one member of an input, and tells whether it may be
// left out.
func (d *document) inputField(f reflect.StructField) (s api.Object, optional bool) {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		optional, t = true, t.Elem()
	}
	switch t {
	case reflect.TypeFor[api.Truthy]():
		return object("type", "boolean"), true
	case reflect.TypeFor[api.True]():
		return object("const", true), optional
	case reflect.TypeFor[api.Record]():
		return object("type", "object"), optional
	case reflect.TypeFor[api.Texts]():
		text := object("type", "string")
		return object("anyOf", []any{text, object("type", "array", "items", text)}), optional
	}
	if t.Kind() == reflect.Struct && f.Tag.Get("check") != "examined" {
		return d.inputStruct(t), optional
	}
	s = d.goType(t)
	if list := f.Tag.Get("enum"); list != "" {
		s = s.Set("enum", strings.Split(list, ","))
	}
	switch f.Tag.Get("check") {
	case "email":
		s = s.Set("format", "email")
	case "nonempty":
		s = s.Set("minLength", 1)
	}
	if f.Tag.Get("null") != "" {
		s = nullable(s)
	}
	return s, optional
}

// output describes what a handler answers.
func (d *document) output(t reflect.Type) api.Object {
	if t.Kind() == reflect.Pointer {
		return nullable(d.output(t.Elem()))
	}
	return d.goType(t)
}

// goType describes the JSON form of a Go type.
func (d *document) goType(t reflect.Type) api.Object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object("type", "string", "format", "date-time")
	case reflect.TypeFor[api.Object](), reflect.TypeFor[map[string]any]():
		return object("type", "object")
	case reflect.TypeFor[json.RawMessage]():
		return api.Object{}
	}
	switch t.Kind() {
	case reflect.String:
		return object("type", "string")
	case reflect.Bool:
		return object("type", "boolean")
	case reflect.Int, reflect.Int64:
		return object("type", "integer")
	case reflect.Float64:
		return object("type", "number")
	case reflect.Slice:
		return object("type", "array", "items", d.output(t.Elem()))
	case reflect.Map:
		return object("type", "object", "additionalProperties", d.output(t.Elem()))
	case reflect.Struct:
		return d.outputStruct(t)
	default:
		return api.Object{}
	}
}

// outputStruct describes a struct. One whose field _ has the tag model is a row
// of that model.
func (d *document) outputStruct(t reflect.Type) api.Object {
	if t.NumField() > 0 && t.Field(0).Name == "_" {
		return d.reference(t.Field(0).Tag.Get("model"))
	}
	properties, required := api.Object{}, []string{}
	for f := range reflectFields(t) {
		omitted := strings.HasSuffix(f.Tag.Get("json"), ",omitempty")
		s := d.outputField(f, omitted)
		if text := f.Tag.Get("doc"); text != "" {
			s = s.Set("description", text)
		}
		properties = properties.Set(memberName(f), s)
		if !omitted {
			required = append(required, memberName(f))
		}
	}
	return structSchema(properties, required)
}

func (d *document) outputField(f reflect.StructField, omitted bool) api.Object {
	switch model := f.Tag.Get("model"); {
	case model != "" && (f.Type.Kind() == reflect.Pointer || f.Tag.Get("null") != ""):
		return nullable(d.reference(model))
	case model != "":
		return d.reference(model)
	case omitted: // then a pointer is left out instead of null
		return d.output(deref(f.Type))
	default:
		return d.output(f.Type)
	}
}

func (d *document) reference(model string) api.Object {
	if d.Set.Table(model) == nil {
		return object("type", "object")
	}
	return object("$ref", "#/components/schemas/"+modelName(model))
}

// nullable lets a schema be null too.
func nullable(s api.Object) api.Object {
	if _, is := s.Get("$ref"); is {
		return object("anyOf", []api.Object{s, object("type", "null")})
	}
	if kind, ok := s.Get("type"); ok {
		return append(api.Object{}, s...).Set("type", []any{kind, "null"})
	}
	return s
}
