package jwt

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

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

// registered says what the expression of a claim with a meaning of its own may
// give (RFC 7519, section 4.1). sub is not among them: getSubject makes it.
var registered = map[string][]reflect.Kind{
	"iss": {reflect.String},
	"jti": {reflect.String},
	"aud": {reflect.String, reflect.Slice},
	"exp": numericDates, "nbf": numericDates, "iat": numericDates,
}

// numericDates are the kinds that numericDate reads.
var numericDates = []reflect.Kind{reflect.Int, reflect.Int64, reflect.Float64, reflect.String}

// compile checks an expression and what it gives, as far as that can be known
// before it runs.
func compile(text string, env expr.Option, kinds []reflect.Kind) (*vm.Program, error) {
	program, err := expr.Compile(text, env)
	if err != nil {
		return nil, oneLine(err)
	}
	kind := reflect.Interface
	if t := program.Node().Type(); t != nil {
		kind = t.Kind()
	}
	if kinds != nil && kind != reflect.Interface && !slices.Contains(kinds, kind) {
		return nil, fmt.Errorf("the expression gives %s, which this claim cannot be", kindName(kind))
	}
	return program, nil
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true or false"
	case reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	default:
		return "a number"
	}
}
