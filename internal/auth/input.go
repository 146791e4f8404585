package auth

import (
	"bytes"
	"encoding/json"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// NewUserFields gives the values of the further fields of a new user, as
// store.User has them, from what a client sent: its values where it may set
// them, else defaults. Whether a value fits its column only the database tells.
func (a *Auth) NewUserFields(sent api.Rest) ([]any, error) {
	changes, err := a.read(a.userInput, sent, true)
	if err != nil || len(a.userInput) == 0 {
		return nil, err
	}
	given := map[string]any{}
	for _, c := range changes {
		given[c.Field] = c.Value
	}
	values := make([]any, 0, len(a.userInput))
	for i := range a.userFields.Fields {
		if name := a.userFields.Fields[i].Name; !schema.IsCore("user", name) {
			values = append(values, given[name])
		}
	}
	return values, nil
}

// NewUserFieldsOf is NewUserFields for what a provider says of a user: what no
// client may set, it may not either, and its values are passed over.
func (a *Auth) NewUserFieldsOf(profile api.Object) ([]any, error) {
	said, err := a.settable(profile)
	if err != nil {
		return nil, err
	}
	return a.NewUserFields(said)
}

// UserChangesOf gives the further fields of a user as a provider says them.
func (a *Auth) UserChangesOf(profile api.Object) ([]store.Change, error) {
	said, err := a.settable(profile)
	if err != nil {
		return nil, err
	}
	return a.UserChanges(said)
}

// settable gives the members that are fields which clients may set, in the form of
// what a client sends.
func (a *Auth) settable(profile api.Object) (api.Rest, error) {
	said := api.Rest{}
	for _, f := range a.userInput {
		v, has := profile.Get(f.Name)
		if !has || f.NoInput {
			continue
		}
		text, err := api.JSON(v)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var plain any
		if err := d.Decode(&plain); err != nil {
			return nil, err
		}
		said[f.Name] = plain
	}
	for _, r := range a.records {
		if r.ReadProfile != nil {
			r.ReadProfile(said)
		}
	}
	return said, nil
}

// UserChanges gives the further fields of a user that a client wants to change.
func (a *Auth) UserChanges(sent api.Rest) ([]store.Change, error) {
	return a.read(a.userInput, sent, false)
}

// SessionChanges gives the further fields of a session that a client wants to
// change.
func (a *Auth) SessionChanges(sent api.Rest) ([]store.Change, error) {
	return a.read(a.sessionInput, sent, false)
}

// read goes through the fields in their order, so that the first one that is
// wrong makes the answer. Every other member of what was sent is ignored.
func (a *Auth) read(fields []*schema.Field, sent api.Rest, create bool) ([]store.Change, error) {
	var changes []store.Change
	for _, f := range fields {
		v, given := sent[f.Name]
		value, set, err := a.readField(f, v, given, create)
		if err != nil {
			return nil, err
		}
		if set {
			changes = append(changes, store.Change{Field: f.Name, Value: f.Encode(value)})
		}
	}
	return changes, nil
}

// readField decides what becomes of one field: the value it gets, if any.
func (a *Auth) readField(f *schema.Field, v any, given, create bool) (value any, set bool, err error) {
	standard := create && f.Default != nil
	switch {
	case given && f.NoInput && standard:
		return f.Default, true, nil
	case given && f.NoInput && api.IsTruthy(v):
		return nil, false, errFieldNotAllowed(f.Name)
	case given && f.NoInput:
		return nil, false, nil
	case given && v == nil && standard && f.Required && !f.Lax:
		return f.Default, true, nil
	case given:
		return v, true, nil
	case standard:
		return f.Default, true, nil
	case create && f.Required && !f.Lax:
		return nil, false, ErrMissingField(f.Name)
	}
	return nil, false, nil
}

func errFieldNotAllowed(name string) error {
	return api.NewError(400, "FIELD_NOT_ALLOWED", name+" is not allowed to be set")
}

// ErrMissingField says that a new user lacks a field that must be there.
func ErrMissingField(name string) *api.Error {
	return api.NewError(400, "MISSING_FIELD", name+" is required")
}

// Text gives what is stored in a text column for any JSON value.
func Text(v any) any { return (&schema.Field{Type: schema.String}).Encode(v) }
