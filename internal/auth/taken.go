package auth

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// unwritten is the error of a user's row that was not written, with what the
// further fields were to become.
type unwritten struct {
	id     string
	values []store.Change
	cause  error
}

func (u *unwritten) Error() string { return u.cause.Error() }

func (u *unwritten) Unwrap() error { return u.cause }

// Taken gives the answer to who lost a race for a value of a plugin that only one
// user can have: err is what CreateUser or UpdateUser gave. For every other error
// it is nil. The database is asked once more, after the transaction has ended.
func (a *Auth) Taken(ctx context.Context, err error) error {
	u := new(unwritten)
	if !errors.As(err, &u) {
		return nil
	}
	for _, r := range a.records {
		if r.UserTaken == nil {
			continue
		}
		if taken := r.UserTaken(ctx, u.id, u.values); taken != nil {
			return taken
		}
	}
	return nil
}

// furtherValues gives the values of the further fields of a user.
func (a *Auth) furtherValues(u *store.User) []store.Change {
	var values []store.Change
	for i := range a.userFields.Fields {
		name := a.userFields.Fields[i].Name
		if next := len(values); !schema.IsCore("user", name) && next < len(u.Extra) {
			values = append(values, store.Change{Field: name, Value: u.Extra[next]})
		}
	}
	return values
}
