package auth

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/throttle"
)

// Attempt runs one try of a client to prove by something that can be guessed that
// it is the one with that identifier. Every door goes through here: too many
// failures end with the limiter's answer, before try is run. The result tells
// whether the proof was right; try gives an error only where it has compared
// nothing, because such a try does not count.
//
// Doors that lead to one account share its identifier, so that a second door
// gives no further tries: a password is counted by the e-mail address in its
// normal form, also where it came with a user name, which alone is the identifier
// only if nobody has it. What is guessed independently of the password has an
// identifier of its own, with the name of the plugin before it ("two-factor:" and
// the user's id).
func (a *Auth) Attempt(ctx context.Context, c *api.Call, identifier string, try func(context.Context) (bool, error)) (bool, error) {
	if a.throttle == nil {
		return try(ctx)
	}
	counted, err := a.throttle.Begin(ctx, identifier, c.Address)
	if err != nil {
		return false, a.refusal(ctx, c, err)
	}
	right, err := try(ctx)
	switch {
	case err != nil:
		return false, errors.Join(err, counted.GiveBack(ctx))
	case !right:
		return false, counted.Failed(ctx)
	}
	if err := counted.Succeeded(ctx); err != nil {
		return false, err
	}
	return true, nil
}

// refusal is the client's form of an error of Begin. The audit log tells of it.
func (a *Auth) refusal(ctx context.Context, c *api.Call, err error) error {
	refused := new(throttle.Refused)
	if !errors.As(err, &refused) {
		return err
	}
	if err := a.noteRefusal(ctx, c); err != nil {
		return err
	}
	return api.TooManyRequests(refused.After).WithCause(err)
}

// AttemptPassword is Attempt with a password and what it is held to, which find
// gives; no hash is nobody's password, after the work of a real one. The result is
// the hash that was proven, as it is stored by then, and empty where the password
// is wrong. Where too many passwords wait to be hashed, it is refused before all
// else.
func (a *Auth) AttemptPassword(ctx context.Context, c *api.Call, identifier, password string, find func(context.Context) (Stored, error)) (proven string, err error) {
	place, err := a.Passwords.Enter(c.Address)
	if err != nil {
		return "", err
	}
	defer place.Leave()
	return a.attemptPassword(ctx, c, place, identifier, password, find)
}

// attemptPassword is AttemptPassword for who has a place in the queue.
func (a *Auth) attemptPassword(ctx context.Context, c *api.Call, place *secure.Place, identifier, password string, find func(context.Context) (Stored, error)) (proven string, err error) {
	_, err = a.Attempt(ctx, c, identifier, func(ctx context.Context) (bool, error) {
		stored, err := find(ctx)
		if err == nil {
			proven, err = a.verifyPassword(ctx, place, stored, password)
		}
		return proven != "", err
	})
	if err != nil {
		return "", err
	}
	return proven, nil
}

// PasswordIdentifier is the identifier under which tries of a user's password are
// counted.
func PasswordIdentifier(user *store.User) string { return strings.ToLower(user.Email) }

// forgetAttempts begins to count anew for a user who has proven who they are, in
// the transaction of that.
func (a *Auth) forgetAttempts(ctx context.Context, tx *store.Store, user *store.User) error {
	if a.throttle == nil {
		return nil
	}
	return a.throttle.Reset(ctx, tx, PasswordIdentifier(user))
}

// from is the fingerprint under which the address of a call is remembered as one
// that a user has signed in from.
func (a *Auth) from(c *api.Call, user *store.User) []byte {
	if a.throttle == nil {
		return nil
	}
	return a.throttle.Address(PasswordIdentifier(user), c.Address)
}
