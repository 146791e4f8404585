package auth

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Attempt runs one try of a client to prove by something that can be guessed that
// it is the one with that identifier: an e-mail address or whatever else people
// sign in by, in its normal form. Every door goes through here. The result tells
// whether the proof was right.
func (a *Auth) Attempt(ctx context.Context, _ *api.Call, identifier string, try func(context.Context) (bool, error)) (bool, error) {
	_ = identifier
	return try(ctx)
}

// AttemptPassword is Attempt with a password and the hash that it should have;
// see VerifyPassword.
func (a *Auth) AttemptPassword(ctx context.Context, c *api.Call, identifier string, hash *string, password string) (bool, error) {
	return a.Attempt(ctx, c, identifier, func(ctx context.Context) (bool, error) {
		return a.VerifyPassword(ctx, hash, password)
	})
}
