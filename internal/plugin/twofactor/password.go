package twofactor

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// prove asks for the password of the caller. Who has none needs none where the
// configuration lets users do without one.
func (t *TwoFactor) prove(ctx context.Context, c *api.Call, password *string, passwordless bool) error {
	hash, err := t.passwordOf(ctx, c.User)
	if err != nil {
		return err
	}
	switch {
	case passwordless && hash == nil:
		return nil
	case password == nil || *password == "":
		return errInvalidPassword
	}
	if err := t.auth.CheckPasswordSize(*password); err != nil {
		return err
	}
	proven, err := t.auth.AttemptPassword(ctx, c, strings.ToLower(c.User.Email), *password,
		func(context.Context) (auth.Stored, error) {
			if hash == nil {
				return auth.Stored{UserID: c.User.ID}, nil
			}
			return auth.Stored{UserID: c.User.ID, Hash: *hash}, nil
		})
	if err == nil && proven == "" {
		return t.auth.Fail(ctx, c, auth.EventPasswordCheck, c.User.ID, errInvalidPassword)
	}
	return err
}

// passwordOf gives the hash of a user's password; it is nil where there is none.
func (t *TwoFactor) passwordOf(ctx context.Context, user *store.User) (*string, error) {
	account, err := t.auth.Store.Credential(ctx, user.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case account.Password == nil || *account.Password == "":
		return nil, nil
	}
	return account.Password, nil
}

type passwordInput struct {
	Password string `json:"password" doc:"The user's password."`
}

type passwordlessInput struct {
	Password *string `json:"password" doc:"The user's password; who has none leaves it out."`
}

// proven makes a route that takes a password, which may be left out where users may
// do without one.
func proven[Out any](path string, access api.Access, passwordless bool, h func(context.Context, *api.Call, *string) (Out, error), opts ...api.Option) api.Route {
	if passwordless {
		return api.POST(path, access, func(ctx context.Context, c *api.Call, in passwordlessInput) (Out, error) {
			return h(ctx, c, in.Password)
		}, opts...)
	}
	return api.POST(path, access, func(ctx context.Context, c *api.Call, in passwordInput) (Out, error) {
		return h(ctx, c, &in.Password)
	}, opts...)
}
