package config

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// object is a JSON object; encoding/json writes its keys in alphabetical order, so that generated files
// do not change by themselves.
type object = map[string]any

// JSONSchema describes a tree of options for editors, in JSON Schema 2020-12. What is refused is in it
// too, as never valid, so that an editor can say why.
func JSONSchema(tree reflect.Type, title string) ([]byte, error) {
	schema := sectionSchema(tree)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = title
	schema["$defs"] = object{
		"variable": object{
			"type": "string", "pattern": `\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}`,
			"description": "A value read from the environment, as ${NAME} or ${NAME:-default}.",
		},
		"duration": object{
			"type": "string", "pattern": `^[0-9]+ ?(ms|s|m|h|d|w)$`,
			"description": `A length of time such as "15m" or "7d".`,
		},
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

func sectionSchema(section reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fieldsOf(section) {
		if f.name == onlyVariable {
			continue
		}
		properties[f.name] = fieldSchema(f)
		if f.tag("required") != "" {
			required = append(required, f.name)
		}
	}
	schema := object{"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

func fieldSchema(f field) object {
	t := f.info.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case laterType:
		return object{"not": object{}, "description": "Not supported yet. " + f.tag("doc")}
	case neverType:
		return object{"not": object{}, "description": Option{State: NotHonoured, Tag: f.info.Tag}.Doc()}
	}
	schema := typeSchema(t, f.info.Tag)
	if doc := f.tag("doc"); doc != "" {
		schema["description"] = doc
	}
	if text, ok := f.info.Tag.Lookup("default"); ok {
		schema["default"] = defaultJSON(t, text)
	}
	return schema
}

func typeSchema(t reflect.Type, tag reflect.StructTag) object {
	if t.Kind() == reflect.Pointer {
		return typeSchema(t.Elem(), tag)
	}
	if provider, ok := reflect.Zero(t).Interface().(SchemaProvider); ok {
		return provider.OptionSchema()
	}
	switch {
	case implements[Switchable](t):
		return object{"anyOf": []any{sectionSchema(t), object{"const": false}}}
	case isSection(t):
		return sectionSchema(t)
	case implements[entries](t):
		return object{"type": "object", "additionalProperties": typeSchema(t.Elem().Field(1).Type, "")}
	case t.Kind() == reflect.Map:
		return object{"type": "object", "additionalProperties": typeSchema(t.Elem(), "")}
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": typeSchema(t.Elem(), "")}
	}
	return scalarSchema(t, tag)
}

func scalarSchema(t reflect.Type, tag reflect.StructTag) object {
	variable := object{"$ref": "#/$defs/variable"}
	switch {
	case t == durationType:
		return object{"anyOf": []any{bounded(tag), object{"$ref": "#/$defs/duration"}, variable}}
	case tag.Get("enum") != "":
		return object{"anyOf": []any{object{"enum": spellings(tag)}, variable}}
	case takesText(t):
		return object{"type": "string"}
	case t.Kind() == reflect.Bool:
		return object{"anyOf": []any{object{"type": "boolean"}, variable}}
	}
	return object{"anyOf": []any{bounded(tag), variable}}
}

// bounded describes a whole number.
func bounded(tag reflect.StructTag) object {
	schema := object{"type": "integer"}
	if least, ok := bound(tag, "min"); ok {
		schema["minimum"] = least
	}
	if most, ok := bound(tag, "max"); ok {
		schema["maximum"] = most
	}
	return schema
}

// spellings lists the values of an enum. One that ignores case shows the two common ones.
func spellings(tag reflect.StructTag) []string {
	values := strings.Split(tag.Get("enum"), ",")
	if tag.Get("fold") == "" {
		return values
	}
	for _, value := range values {
		values = append(values, strings.ToUpper(value[:1])+value[1:])
	}
	return values
}

// defaultJSON turns a default tag into the value that a file would have.
func defaultJSON(t reflect.Type, text string) any {
	switch t.Kind() {
	case reflect.Slice:
		return strings.Split(text, ",")
	case reflect.Bool:
		return text == "true"
	case reflect.Int, reflect.Int64:
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			return number
		}
	}
	return text
}
