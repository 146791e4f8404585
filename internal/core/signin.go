package core

import (
	"context"
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

func (c *Core) signIn(ctx context.Context, call *api.Call, in signInInput) (auth.SignInOutput, error) {
	if !c.auth.Config.EmailAndPassword.Enabled {
		return auth.SignInOutput{}, auth.ErrPasswordSignInOff
	}
	if !api.IsEmail(in.Email) {
		return auth.SignInOutput{}, auth.ErrInvalidEmail
	}
	if err := c.auth.CheckPasswordSize(in.Password); err != nil {
		return auth.SignInOutput{}, err
	}
	email := strings.ToLower(in.Email)
	return c.auth.SignInWithPassword(ctx, call, auth.PasswordSignIn{
		Identify: func(context.Context) (string, error) { return email, nil },
		Find: func(ctx context.Context) (*store.User, *string, error) {
			return c.auth.Store.UserWithPassword(ctx, email)
		},
		Password: in.Password, Wrong: auth.ErrInvalidCredentials,
		RememberMe: in.RememberMe, CallbackURL: in.CallbackURL,
	})
}
