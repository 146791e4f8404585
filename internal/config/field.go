package config

import (
	"reflect"
	"strings"
	"sync"
)

// field is one option of a struct: its name in the file and where its value is.
type field struct {
	name  string
	index []int
	info  reflect.StructField
}

// onlyVariable is the yaml tag of a field that the environment sets and the file cannot.
const onlyVariable = "-"

// fieldsOf lists the options of a struct in the order of its declaration, those of inlined structs in
// their place. A field without a yaml tag is no option.
var fieldsOf = perType(listFields)

func listFields(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		info := t.Field(i)
		name, inline := yamlName(info)
		switch {
		case inline:
			for _, inner := range listFields(info.Type) {
				inner.index = append([]int{i}, inner.index...)
				fields = append(fields, inner)
			}
		case name != "":
			fields = append(fields, field{name: name, index: []int{i}, info: info})
		}
	}
	return fields
}

// perType remembers what is found in a type, so that it is looked for once. Nobody may change what it gives.
func perType[T any](find func(reflect.Type) T) func(reflect.Type) T {
	var found sync.Map
	return func(t reflect.Type) T {
		if known, ok := found.Load(t); ok {
			return known.(T)
		}
		made := find(t)
		found.Store(t, made)
		return made
	}
}

func yamlName(info reflect.StructField) (name string, inline bool) {
	name, rest, _ := strings.Cut(info.Tag.Get("yaml"), ",")
	return name, rest == "inline"
}

func (f field) tag(key string) string { return f.info.Tag.Get(key) }

// in returns the field's value inside a struct.
func (f field) in(parent reflect.Value) reflect.Value { return parent.FieldByIndex(f.index) }

var (
	laterType    = reflect.TypeFor[Later]()
	neverType    = reflect.TypeFor[Never]()
	secretType   = reflect.TypeFor[Secret]()
	durationType = reflect.TypeFor[Duration]()
)

// Unmarshaler is an option with a form of its own in the file. It gets the value as plain Go: nil, bool,
// int64, float64, string, []any or map[string]any. Its error says what the value must be, as in
// "must be true or false", and never repeats the value.
type Unmarshaler interface{ UnmarshalOption(value any) error }

// VariableUnmarshaler is an option with a form of its own in the environment. Its error is as
// Unmarshaler's.
type VariableUnmarshaler interface{ UnmarshalVariable(text string) error }

// Checker is an option whose type knows what makes a value wrong. It is asked after the value was read;
// its error continues a sentence that begins with the option's name and never repeats the value.
type Checker interface{ CheckOption() error }

// Misnamer names the options that are often looked for under another name: that name, and the right
// option with its full dotted name.
type Misnamer interface{ Misnamed() map[string]string }

// Orderer is a struct that wants to know in which order the file gave its keys.
type Orderer interface{ SetOrder(names []string) }

// Switchable is a section of options that may also be the word false, which
// switches off what it describes.
type Switchable interface{ SwitchOff() }

// NameChecker is the value of an ordered map whose keys have a form. Its error continues a sentence that
// begins with the key's full name.
type NameChecker interface{ CheckName(name string) error }

// SchemaProvider is an option that describes its form in JSON Schema itself.
type SchemaProvider interface{ OptionSchema() map[string]any }

// entries is implemented by Ordered, whatever its value type.
type entries interface{ ordered() }

func (Ordered[V]) ordered() {}

// as returns the value, or its address, as an interface that its type implements.
func as[I any](value reflect.Value) (I, bool) {
	if value.CanAddr() {
		if i, ok := value.Addr().Interface().(I); ok {
			return i, true
		}
	}
	i, ok := value.Interface().(I)
	return i, ok
}

// implements reports whether the type or a pointer to it is an I.
func implements[I any](t reflect.Type) bool {
	wanted := reflect.TypeFor[I]()
	return t.Implements(wanted) || reflect.PointerTo(t).Implements(wanted)
}

// isSection reports whether the type is a struct of further options, not a value.
func isSection(t reflect.Type) bool {
	switch {
	case t.Kind() != reflect.Struct:
		return false
	case t == laterType, t == neverType, t == secretType:
		return false
	}
	return !implements[Unmarshaler](t)
}
