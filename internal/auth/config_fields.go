package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// AdditionalFields are columns that the configuration adds to a table, in the order of the file.
type AdditionalFields = config.Ordered[AdditionalField]

// AdditionalField is one of them. Its name is the key in JSON.
type AdditionalField struct {
	Type         FieldType       `yaml:"type" required:"true" doc:"The kind of value: string, number, boolean, date, json, string[], number[], or a list of texts."`
	Required     *bool           `yaml:"required" doc:"Whether the column is NOT NULL and, where true is written out, a sign-up without a value refused; default is true."`
	Input        *bool           `yaml:"input" doc:"Whether clients may set the field; default is true."`
	Returned     *bool           `yaml:"returned" doc:"Whether answers carry the field; default is true."`
	DefaultValue FieldDefault    `yaml:"defaultValue" doc:"What is stored where no value is given."`
	Unique       bool            `yaml:"unique" doc:"Whether two rows must not have the same value."`
	Index        bool            `yaml:"index" doc:"Whether the column has an index."`
	BigInt       bool            `yaml:"bigint" doc:"Whether a number takes 64 bits; answers carry it as a text."`
	Sortable     bool            `yaml:"sortable" doc:"Whether rows are sorted by it, which changes nothing on Postgres."`
	FieldName    string          `yaml:"fieldName" doc:"The column; default is the field's name."`
	References   *FieldReference `yaml:"references"`
	OnUpdate     config.Never    `yaml:"onUpdate" instead:"use a trigger in the database"`
	Transform    config.Never    `yaml:"transform" instead:"use a trigger in the database"`
	Validator    config.Never    `yaml:"validator" instead:"use a CHECK constraint in the database"`
}

// FieldReference makes an additional field a foreign key.
type FieldReference struct {
	Model    string `yaml:"model" required:"true" doc:"The table that is pointed to, by its name in Better Auth."`
	Field    string `yaml:"field" required:"true" doc:"The field there."`
	OnDelete string `yaml:"onDelete" enum:"no action,restrict,cascade,set null,set default" default:"cascade" doc:"What becomes of the row when the other one goes."`
}

// CheckOption refuses what the type has no use for.
func (f AdditionalField) CheckOption() error {
	switch {
	case f.BigInt && f.Type.Type != "" && f.Type.Type != schema.Number:
		return errors.New("has bigint, which only a number can be; take it out")
	case f.Type.Type != "" && !f.DefaultValue.fits(f.Type):
		return fmt.Errorf("has a defaultValue that is not a %s", f.Type.Type)
	}
	return nil
}

// field gives the field of the table.
func (f AdditionalField) field(name string) schema.Field {
	out := schema.Field{
		Name: name, Column: f.FieldName, Type: f.Type.Type, Enum: f.Type.Enum,
		Required: f.Required == nil || *f.Required, Lax: f.Required == nil,
		Unique: f.Unique, Index: f.Index, Default: f.DefaultValue.Value,
		NoInput: f.Input != nil && !*f.Input, NotReturned: f.Returned != nil && !*f.Returned,
	}
	if f.BigInt {
		out.Type = schema.BigInt
	}
	if f.References != nil {
		out.References = &schema.Reference{Model: f.References.Model, Field: f.References.Field, OnDelete: f.References.OnDelete}
	}
	return out
}

// FieldType is the type of an additional field.
type FieldType struct {
	Type schema.Type
	// Enum is the list, where the type was given as one.
	Enum []string
}

var fieldTypes = []schema.Type{
	schema.String, schema.Number, schema.Boolean, schema.Date, schema.JSON, schema.StringArray, schema.NumberArray,
}

// UnmarshalOption takes the name of a type or a list of texts.
func (f *FieldType) UnmarshalOption(value any) error {
	*f = FieldType{}
	switch value := value.(type) {
	case string:
		f.Type = schema.Type(value)
		if slices.Contains(fieldTypes, f.Type) {
			return nil
		}
	case []any:
		f.Type = schema.String
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return errFieldType
			}
			f.Enum = append(f.Enum, text)
		}
		if len(f.Enum) > 0 {
			return nil
		}
	}
	return errFieldType
}

// OptionSchema describes the same in JSON Schema.
func (FieldType) OptionSchema() map[string]any {
	texts := map[string]any{"type": "array", "minItems": 1, "items": map[string]any{"type": "string"}}
	return map[string]any{"anyOf": []any{map[string]any{"enum": fieldTypes}, texts}}
}

var errFieldType = errors.New("must be " + names(fieldTypes) + " or a list of texts")

func names(types []schema.Type) string {
	texts := make([]string, len(types))
	for i, t := range types {
		texts[i] = string(t)
	}
	return strings.Join(texts, ", ")
}

// FieldDefault is the default of an additional field: any value that a file can hold.
type FieldDefault struct{ Value any }

// UnmarshalOption takes anything but null.
func (f *FieldDefault) UnmarshalOption(value any) error {
	f.Value = value
	return nil
}

// OptionSchema describes the same in JSON Schema.
func (FieldDefault) OptionSchema() map[string]any { return map[string]any{} }

// fits tells whether the default is of a type. A date is the text of one.
func (f FieldDefault) fits(t FieldType) bool {
	if f.Value == nil {
		return true
	}
	switch t.Type {
	case schema.String:
		text, ok := f.Value.(string)
		return ok && (t.Enum == nil || slices.Contains(t.Enum, text))
	case schema.Number:
		_, ok := f.Value.(int64)
		return ok
	case schema.Boolean:
		_, ok := f.Value.(bool)
		return ok
	case schema.Date:
		text, ok := f.Value.(string)
		_, err := schema.ParseDate(text)
		return ok && err == nil
	case schema.StringArray:
		return isListOf(f.Value, func(item any) bool { _, ok := item.(string); return ok })
	case schema.NumberArray:
		return isListOf(f.Value, isNumber)
	}
	return true
}

func isListOf(v any, fits func(any) bool) bool {
	list, ok := v.([]any)
	return ok && !slices.ContainsFunc(list, func(item any) bool { return !fits(item) })
}

func isNumber(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}
