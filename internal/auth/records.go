package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// RecordHooks are a plugin's steps before rows of shared tables are written. Any
// may be nil; an error keeps the row from being written. The call is nil where no
// client asks.
type RecordHooks struct {
	// ReadProfile may change the further fields that a provider says of a user,
	// before anything else looks at them.
	ReadProfile func(said api.Rest)
	// BeforeUserCreate may change a user that tx is about to store.
	BeforeUserCreate func(ctx context.Context, tx *store.Store, c *api.Call, u *store.User) error
	// UserValues are the plugin's fields that an operator may set, with what refuses
	// a value: no client of the API has asked, nor passed the checks of one.
	UserValues map[string]func(value string) error
	// BeforeUserUpdate gives the changes that tx is to make to the user of that id
	// in place of those that it is given.
	BeforeUserUpdate func(ctx context.Context, tx *store.Store, c *api.Call, id string, changes []store.Change) ([]store.Change, error)
	// UserTaken gives the error for the user of that id, whose row a unique value
	// kept from being written with those further fields; nil where it was none of
	// this plugin's.
	UserTaken func(ctx context.Context, id string, values []store.Change) error
	// BeforeSessionCreate may refuse a user a session, whichever way they come. What
	// it writes goes through s, which may be the transaction of the session.
	BeforeSessionCreate func(ctx context.Context, s *store.Store, c *api.Call, u *store.User) error
	// EndsAsMade tells of a session that is never extended.
	EndsAsMade func(*store.Session) bool
}

// CreateUser stores a new user, whose further fields are those of NewUserFields.
// What a store.ErrDuplicate is about, Taken tells.
func (a *Auth) CreateUser(ctx context.Context, tx *store.Store, c *api.Call, u *store.User) error {
	if err := a.PrepareUser(ctx, tx, c, u); err != nil {
		return err
	}
	err := tx.CreateUser(ctx, u)
	if errors.Is(err, store.ErrDuplicate) {
		err = &unwritten{u.ID, a.furtherValues(u), err}
	}
	return err
}

// PrepareUser takes the steps before a user is stored, for whom stores many at once
// and not by CreateUser. They may be taken again.
func (a *Auth) PrepareUser(ctx context.Context, tx *store.Store, c *api.Call, u *store.User) error {
	for _, r := range a.records {
		if r.BeforeUserCreate == nil {
			continue
		}
		if err := r.BeforeUserCreate(ctx, tx, c, u); err != nil {
			return err
		}
	}
	return nil
}

// UpdateUser changes fields of a user and gives the whole row; its errors are
// those of the hooks and of store.UpdateUser.
func (a *Auth) UpdateUser(ctx context.Context, tx *store.Store, c *api.Call, id string, changes ...store.Change) (*store.User, error) {
	for _, r := range a.records {
		if r.BeforeUserUpdate == nil {
			continue
		}
		var err error
		if changes, err = r.BeforeUserUpdate(ctx, tx, c, id, changes); err != nil {
			return nil, err
		}
	}
	u, err := tx.UpdateUser(ctx, id, changes...)
	if errors.Is(err, store.ErrDuplicate) {
		err = &unwritten{id, changes, err}
	}
	return u, err
}

// UserValue gives what refuses a value that an operator sets for the field of a
// plugin; nil where no plugin that is on has such a field.
func (a *Auth) UserValue(field string) func(value string) error {
	for _, r := range a.records {
		if check := r.UserValues[field]; check != nil {
			return check
		}
	}
	return nil
}

// mayHaveSession asks every plugin whether a user may have a session.
func (a *Auth) mayHaveSession(ctx context.Context, s *store.Store, c *api.Call, u *store.User) error {
	for _, r := range a.records {
		if r.BeforeSessionCreate == nil {
			continue
		}
		if err := r.BeforeSessionCreate(ctx, s, c, u); err != nil {
			return err
		}
	}
	return nil
}

// endsAsMade asks every plugin whether a session is never extended.
func (a *Auth) endsAsMade(s *store.Session) bool {
	return slices.ContainsFunc(a.records, func(r RecordHooks) bool { return r.EndsAsMade != nil && r.EndsAsMade(s) })
}
