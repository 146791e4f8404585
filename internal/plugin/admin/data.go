package admin

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// What an administrator sends as data may name any field of a user: there are none
// but those of the field set, and every other member is ignored.

// banFields are the fields that need the permission to ban.
var banFields = []string{"banned", "banReason", "banExpires"}

// hasAny tells whether data names one of some fields.
func hasAny(data api.Record, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, given := data[name]; return given })
}

// changes are the fields that data sets, in the order of the field set.
func (a *Admin) changes(data api.Record, but ...string) (changes []store.Change) {
	for i := range a.auth.UserFields().Fields {
		f := &a.auth.UserFields().Fields[i]
		if v, given := data[f.Name]; given && !slices.Contains(but, f.Name) {
			changes = append(changes, store.Change{Field: f.Name, Value: f.Encode(v)})
		}
	}
	return changes
}

// newFields gives the further fields of a new user: what data has for them, else
// their defaults.
func (a *Admin) newFields(data api.Record) []any {
	var values []any
	for i := range a.auth.UserFields().Fields {
		f := &a.auth.UserFields().Fields[i]
		if schema.IsCore("user", f.Name) {
			continue
		}
		v, given := data[f.Name]
		if !given || v == nil && f.Required && f.Default != nil {
			v = f.Default
		}
		values = append(values, f.Encode(v))
	}
	return values
}

// rolesIn reads a role of data: a text or a list of texts that checkRoles takes,
// joined as it is stored.
func (a *Admin) rolesIn(v any) (string, error) {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	names := make([]string, len(list))
	for i, item := range list {
		name, ok := item.(string)
		if !ok {
			return "", errRoleType
		}
		if err := a.checkRoles([]string{name}); err != nil {
			return "", err
		}
		names[i] = name
	}
	return strings.Join(names, ","), nil
}

// fieldsOf names what is changed.
func fieldsOf(changes []store.Change) []string {
	names := make([]string, len(changes))
	for i, change := range changes {
		names[i] = change.Field
	}
	return names
}
