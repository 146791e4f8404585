package config

import (
	"fmt"
	"reflect"
)

// SetDefaults gives every option that was left out the value of its default tag: nil pointers and nil
// lists, and plain fields that are zero. It goes into nested structs and into pointers that are set.
// It may be called again. into is a pointer to a struct of options.
func SetDefaults(into any) {
	setDefaults(reflect.ValueOf(into).Elem())
}

func setDefaults(section reflect.Value) {
	for _, option := range fieldsOf(section.Type()) {
		value := option.in(section)
		if inner, ok := sectionIn(value); ok {
			setDefaults(inner)
			continue
		}
		text, has := option.info.Tag.Lookup("default")
		if !has || !value.IsZero() {
			continue
		}
		if err := setText(value, text); err != nil {
			panic(fmt.Sprintf("the default of %s %s", option.name, err))
		}
	}
}

// sectionIn returns the nested struct of options that a field holds or points to, if any.
func sectionIn(value reflect.Value) (reflect.Value, bool) {
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	return value, isSection(value.Type())
}
