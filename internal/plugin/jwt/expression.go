package jwt

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr/types"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// fieldTypes says what expressions may do with the fields of a table: those
// that clients see, the id among them. What may be null is of any type.
func fieldTypes(t *schema.Table) types.Map {
	out := types.Map{"id": types.String}
	for i := range t.Fields {
		if f := &t.Fields[i]; !f.NotReturned {
			out[f.Name] = fieldType(f)
		}
	}
	return out
}

func fieldType(f *schema.Field) types.Type {
	if !f.Required {
		return types.Any
	}
	switch f.Type {
	case schema.Boolean:
		return types.Bool
	case schema.String, schema.Date:
		return types.String
	default:
		return types.Any
	}
}

// oneLine cuts the picture of the place of an error that expr draws below it.
func oneLine(err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}
