package auth

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/legacy"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// CheckNewPassword refuses a password that is too short or too long. The
// shortest length counts code points and the longest UTF-16 units, as the
// promises of the server say.
func (a *Auth) CheckNewPassword(password string) error {
	if secure.CodePoints(password) < a.Config.EmailAndPassword.MinPasswordLength {
		return ErrPasswordTooShort
	}
	return a.CheckPasswordSize(password)
}

// CheckPasswordSize refuses what is too long to be hashed.
func (a *Auth) CheckPasswordSize(password string) error {
	if secure.UTF16Length(password) > a.Config.EmailAndPassword.MaxPasswordLength {
		return ErrPasswordTooLong
	}
	return nil
}

// HashPassword hashes a new password for a call, which is nil where no client
// asks. It may wait for a free slot.
func (a *Auth) HashPassword(ctx context.Context, c *api.Call, password string) (string, error) {
	address := ""
	if c != nil {
		address = c.Address
	}
	place, err := a.Passwords.Enter(address)
	if err != nil {
		return "", err
	}
	defer place.Leave()
	return place.Hash(ctx, password, a.Rand)
}

// Stored is a user's password as the database has it. The hash is empty where there
// is none.
type Stored struct{ UserID, Hash string }

// verifyPassword gives the hash that a password has proven, which is empty where
// it is wrong. With no hash it does the same work, so that an account without a
// password takes as long as one with. A stored hash that cannot be read is nobody's
// password.
//
// The hash of other software becomes one of our own as it is proven.
func (a *Auth) verifyPassword(ctx context.Context, place *secure.Place, s Stored, password string) (proven string, err error) {
	if s.Hash == "" {
		return "", place.DummyHash(ctx, password)
	}
	if old, err := legacy.Parse(s.Hash); err == nil {
		return a.convert(ctx, place, s, old, password)
	}
	ok, err := place.Verify(ctx, s.Hash, password)
	switch {
	case errors.Is(err, secure.ErrMalformedHash):
		return "", nil
	case err != nil || !ok:
		return "", err
	}
	return s.Hash, nil
}

// convert is verifyPassword for the hash of other software. Where the stored one
// was replaced meanwhile, by another sign-in or by a new password, that one counts.
func (a *Auth) convert(ctx context.Context, place *secure.Place, s Stored, old *legacy.Hash, password string) (proven string, err error) {
	own, err := place.Convert(ctx, old, password, a.Rand)
	if err != nil || own == "" {
		return "", err
	}
	replaced, err := a.Store.ReplacePassword(ctx, s.UserID, s.Hash, own, a.Time())
	if err != nil || replaced {
		return own, err
	}
	account, err := a.Store.Credential(ctx, s.UserID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", nil
	case err != nil || account.Password == nil:
		return "", err
	}
	return a.verifyPassword(ctx, place, Stored{s.UserID, *account.Password}, password)
}
