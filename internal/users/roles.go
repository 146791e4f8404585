package users

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Errors that name the line to add.
var (
	errNoRoles     = errors.New("users have no roles: add `admin: {}` to plugins in the configuration, and run `sallyport migrate up`")
	errNoUsernames = errors.New("users have no user names: add `username: {}` to plugins in the configuration, and run `sallyport migrate up`")
)

// SetRoles gives a user, named by address or id, these roles in place of those
// that there were.
func (u *Users) SetRoles(ctx context.Context, who string, roles []string) (*store.User, error) {
	if err := u.checkRoles(roles); err != nil {
		return nil, err
	}
	user, err := u.Find(ctx, who)
	if err != nil {
		return nil, err
	}
	role := strings.Join(roles, ",")
	noting := u.auth.Store.Noting(u.auth.Note(nil, auth.EventUserRoleSet).With("role", role))
	user, err = u.auth.UpdateUser(ctx, noting, nil, user.ID,
		store.Change{Field: roleField, Value: role}, store.Change{Field: "updatedAt", Value: u.auth.Time()})
	return user, plain(err)
}

func (u *Users) checkRoles(roles []string) error {
	known := u.auth.UserValue(roleField)
	if known == nil {
		return errNoRoles
	}
	if len(roles) == 0 {
		return errors.New("name a role")
	}
	for _, role := range roles {
		if err := known(role); err != nil {
			return fmt.Errorf("the role %q %w", role, plain(err))
		}
	}
	return nil
}
