package openapi

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// row describes the rows of a table as clients see them. What a row may lack is
// null there, and what clients never see is writeOnly.
func row(t *schema.Table) api.Object {
	properties := object("id", object("type", "string", "readOnly", true))
	required := []string{"id"}
	for i := range t.Fields {
		f := &t.Fields[i]
		s := value(f)
		if !f.Required {
			s = orNull(s)
		}
		if f.NoInput {
			s = s.Set("readOnly", true)
		}
		if f.NotReturned {
			s = s.Set("writeOnly", true)
		}
		properties = properties.Set(f.Name, s)
		if f.Required && !f.Lax && !f.NotReturned {
			required = append(required, f.Name)
		}
	}
	return structSchema(properties, required)
}

// value describes the values of a field.
func value(f *schema.Field) api.Object {
	var s api.Object
	switch f.Type {
	case schema.Date:
		s = object("type", "string", "format", "date-time")
	case schema.Number:
		s = object("type", "number")
	case schema.BigInt:
		s = object("type", "integer")
	case schema.JSON:
		s = api.Object{}
	case schema.StringArray:
		s = object("type", "array", "items", object("type", "string"))
	case schema.NumberArray:
		s = object("type", "array", "items", object("type", "number"))
	default:
		s = object("type", string(f.Type))
	}
	if f.Enum != nil {
		s = s.Set("enum", f.Enum)
	}
	if f.Default != nil {
		s = s.Set("default", f.Default)
	}
	return s
}

// orNull lets a value be null too, also where only certain texts are values.
func orNull(s api.Object) api.Object {
	if list, ok := s.Get("enum"); ok {
		values := []any{}
		for _, text := range list.([]string) {
			values = append(values, text)
		}
		s = s.Set("enum", append(values, nil))
	}
	return nullable(s)
}
