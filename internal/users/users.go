// Package users is what an operator does to users, straight on the database: the
// first administrator, and emergencies. The commands `sallyport user` are made of
// it.
//
// No client asks here, so that no session and no permission is looked at, and no
// mail is sent. What the configuration and its plugins ask of every row holds all
// the same: the steps before rows are written (auth.RecordHooks) are taken, each
// change is one transaction, and the audit log tells of it.
package users

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Users works on the users of one database.
type Users struct{ auth *auth.Auth }

// New makes a Users. The plugins must be attached to a.
func New(a *auth.Auth) *Users { return &Users{a} }

// Find finds a user by address or by id.
func (u *Users) Find(ctx context.Context, who string) (*store.User, error) {
	find := u.auth.Store.UserByID
	if strings.Contains(who, "@") {
		who, find = strings.ToLower(who), u.auth.Store.UserByEmail
	}
	user, err := find(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no user %q; `sallyport user list` shows who there is", who)
	}
	return user, err
}

// Search gives the users that are looked for, the newest first.
func (u *Users) Search(ctx context.Context, q store.UserSearch) (iter.Seq2[*store.User, error], error) {
	if q.Role != "" && u.auth.UserValue(roleField) == nil {
		return nil, errNoRoles
	}
	return u.auth.Store.SearchUsers(ctx, q), nil
}

// Role gives the roles of a user, as a comma list; it is empty where users have
// none.
func (u *Users) Role(user *store.User) string {
	if u.auth.UserValue(roleField) == nil {
		return ""
	}
	return u.auth.UserColumn(roleField).Text(user)
}

// Output is a user as clients see it.
func (u *Users) Output(user *store.User) api.Object { return u.auth.UserOutput(user) }

// plain takes from an error what only concerns answers over HTTP, and says of one
// of the database what is wrong.
func plain(err error) error {
	refused := new(api.Error)
	switch {
	case errors.As(err, &refused):
		return errors.New(refused.Message)
	case errors.Is(err, store.ErrDuplicate):
		return fmt.Errorf("a value that must be unique is taken: %w", err)
	case errors.Is(err, store.ErrRejected):
		return fmt.Errorf("a value does not fit its column: %w", err)
	}
	return err
}
