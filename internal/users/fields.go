package users

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// The fields of plugins that are set by flags of their own.
const (
	roleField     = "role"
	usernameField = "username"
)

// further gives the values of the fields of a new user that not every deployment
// has, as store.User has them.
func (u *Users) further(n Newcomer) ([]any, error) {
	given, err := u.given(n)
	if err != nil {
		return nil, err
	}
	return valuesOf(u.auth.UserFields(), given, func(name string) error {
		return fmt.Errorf("users have to have the field %s: add --field %s=VALUE", name, name)
	})
}

// valuesOf gives the values of the fields of a table that not every deployment has,
// as its records have them. missing is the error for one that there must be.
func valuesOf(t *schema.Table, given map[string]any, missing func(name string) error) ([]any, error) {
	var values []any
	for i := range t.Fields {
		f := &t.Fields[i]
		if schema.IsCore(t.Model, f.Name) {
			continue
		}
		v, set := given[f.Name]
		switch {
		case !set && f.Default == nil && f.Required && !f.Lax:
			return nil, missing(f.Name)
		case !set:
			v = f.Default
		}
		if at, isTime := v.(time.Time); isTime {
			values = append(values, at)
			continue
		}
		values = append(values, f.Encode(v))
	}
	return values, nil
}

// given reads what was said of further fields.
func (u *Users) given(n Newcomer) (map[string]any, error) {
	given := map[string]any{}
	for name, text := range n.Fields {
		f, err := u.field(name)
		if err != nil {
			return nil, err
		}
		if given[name], err = parse(f, text); err != nil {
			return nil, fmt.Errorf("the field %s %w", name, err)
		}
	}
	if len(n.Roles) > 0 {
		if err := u.checkRoles(n.Roles); err != nil {
			return nil, err
		}
		given[roleField] = strings.Join(n.Roles, ",")
	}
	if n.Username != "" {
		check := u.auth.UserValue(usernameField)
		if check == nil {
			return nil, errNoUsernames
		}
		if err := check(n.Username); err != nil {
			return nil, plain(err)
		}
		given[usernameField] = n.Username
	}
	return given, nil
}

// field finds a field that can be set by its name: one of the configuration, or
// one of a plugin that users may set themselves.
func (u *Users) field(name string) (*schema.Field, error) {
	f := u.auth.UserFields().Field(name)
	switch {
	case f == nil || schema.IsCore("user", name):
		return nil, fmt.Errorf("%q is no further field of users: see user.additionalFields in the configuration", name)
	case (name == roleField || name == usernameField) && u.auth.UserValue(name) != nil:
		return nil, fmt.Errorf("the field %s has a flag of its own: --%s", name, name)
	case f.NoInput && !u.configured(name):
		return nil, fmt.Errorf("the field %s is the plugin's own to set", name)
	}
	return f, nil
}

// configured tells whether a field is one of user.additionalFields.
func (u *Users) configured(name string) bool {
	for _, f := range u.auth.Config.User.AdditionalFields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// parse reads a value as its field wants it.
func parse(f *schema.Field, text string) (any, error) {
	switch f.Type {
	case schema.String:
		if f.Enum != nil && !slices.Contains(f.Enum, text) {
			return nil, fmt.Errorf("must be one of %s", strings.Join(f.Enum, ", "))
		}
		return text, nil
	case schema.Date:
		if _, err := schema.ParseDate(text); err != nil {
			return nil, errors.New("must be a date, as 2026-11-25 or 2026-11-25T08:00:00Z")
		}
		return text, nil
	}
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, fmt.Errorf("must be %s, written as JSON", f.Type)
	}
	return v, fits(f.Type, v)
}

// fits tells whether a value is of that type.
func fits(t schema.Type, v any) error {
	ok := true
	switch t {
	case schema.Number, schema.BigInt:
		_, ok = v.(json.Number)
	case schema.Boolean:
		_, ok = v.(bool)
	case schema.StringArray:
		ok = isListOf[string](v)
	case schema.NumberArray:
		ok = isListOf[json.Number](v)
	}
	if !ok {
		return fmt.Errorf("must be %s", t)
	}
	return nil
}

func isListOf[T any](v any) bool {
	list, ok := v.([]any)
	for _, item := range list {
		_, fits := item.(T)
		ok = ok && fits
	}
	return ok
}
