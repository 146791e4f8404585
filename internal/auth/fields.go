package auth

import (
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// FurtherFields gives the fields that a configuration adds to the core tables.
func FurtherFields(cfg *Config) ([]schema.Table, error) {
	var tables []schema.Table
	for _, add := range []struct {
		model  string
		fields AdditionalFields
	}{
		{"user", cfg.User.AdditionalFields},
		{"session", cfg.Session.AdditionalFields},
		{"account", cfg.Account.AdditionalFields},
		{"verification", cfg.Verification.AdditionalFields},
	} {
		t := schema.Table{Model: add.model, Overrides: true}
		for _, f := range add.fields {
			if f.Name == "" || schema.IsCore(add.model, f.Name) {
				return nil, fmt.Errorf("%s.additionalFields has the field %q, which every deployment has: choose another name", add.model, f.Name)
			}
			t.Fields = append(t.Fields, f.Value.field(f.Name))
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// further lists the fields of a table that are no core ones, in the order in
// which the original reads them from a client: the configuration's first.
func further(t *schema.Table, added AdditionalFields) []*schema.Field {
	var first, rest []*schema.Field
	mine := map[string]bool{}
	for _, f := range added {
		mine[f.Name] = true
		first = append(first, t.Field(f.Name))
	}
	for i := range t.Fields {
		if f := &t.Fields[i]; !mine[f.Name] && !schema.IsCore(t.Model, f.Name) {
			rest = append(rest, f)
		}
	}
	return append(first, rest...)
}
