package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type signInInput struct {
	Email       string  `json:"email" check:"own"`
	Password    string  `json:"password"`
	CallbackURL *string `json:"callbackURL"`
	RememberMe  *bool   `json:"rememberMe"`
}

type signInOutput struct {
	Redirect bool       `json:"redirect"`
	Token    string     `json:"token"`
	URL      *string    `json:"url,omitempty"`
	User     api.Object `json:"user" model:"user"`
}

func (c *Core) signIn(ctx context.Context, call *api.Call, in signInInput) (signInOutput, error) {
	if !c.auth.Config.EmailAndPassword.Enabled {
		return signInOutput{}, auth.ErrPasswordSignInOff
	}
	if !api.IsEmail(in.Email) {
		return signInOutput{}, auth.ErrInvalidEmail
	}
	if err := c.auth.CheckPasswordSize(in.Password); err != nil {
		return signInOutput{}, err
	}
	user, hash, err := c.checkCredentials(ctx, call, in)
	if err != nil {
		return signInOutput{}, err
	}
	if c.auth.Config.EmailAndPassword.RequireEmailVerification && !user.EmailVerified {
		return signInOutput{}, c.unproven(ctx, call, user, in)
	}
	session, err := c.auth.SignInByPassword(ctx, call, user, hash, in.RememberMe == nil || *in.RememberMe)
	if err != nil {
		return signInOutput{}, err
	}
	return c.welcome(call, session, user, in.CallbackURL), nil
}

// checkCredentials finds the user whose address and password these are, and the
// hash that was checked. One password is hashed whoever asks, so that time tells
// nothing about an address.
func (c *Core) checkCredentials(ctx context.Context, call *api.Call, in signInInput) (user *store.User, hash string, err error) {
	email := strings.ToLower(in.Email)
	var stored *string
	ok, err := c.auth.AttemptPassword(ctx, call, email, in.Password, func(ctx context.Context) (*string, error) {
		var err error
		if user, stored, err = c.auth.Store.UserWithPassword(ctx, email); errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		return stored, err
	})
	switch {
	case err != nil:
		return nil, "", err
	case !ok:
		return nil, "", c.auth.Fail(ctx, call, auth.EventSignIn, idOf(user), auth.ErrInvalidCredentials)
	}
	return user, *stored, nil
}

// unproven refuses a user with the right password whose address is not proven,
// and mails the link where that is wanted.
func (c *Core) unproven(ctx context.Context, call *api.Call, user *store.User, in signInInput) error {
	cfg := &c.auth.Config.EmailVerification
	if cfg.SendVerificationEmail && cfg.SendOnSignIn {
		if err := c.mailVerification(ctx, c.auth.Store, user, true, textOf(in.CallbackURL)); err != nil {
			return err
		}
	}
	return c.auth.Refuse(ctx, call, auth.EventSignIn, user.ID, auth.ErrEmailNotVerified)
}

// idOf is the id of a user, and empty for nobody.
func idOf(user *store.User) string {
	if user == nil {
		return ""
	}
	return user.ID
}

// welcome tells a client with a callbackURL where to go. The origin check has
// already refused targets that are not trusted.
func (c *Core) welcome(call *api.Call, s *store.Session, user *store.User, callback *string) signInOutput {
	out := signInOutput{Token: s.Token, URL: callback, User: c.auth.UserOutput(user)}
	if callback != nil && *callback != "" {
		target := c.auth.RedirectTarget(*callback)
		out.Redirect, out.URL = true, &target
		call.SetLocation(target)
	}
	return out
}
