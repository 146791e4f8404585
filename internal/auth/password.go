package auth

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
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

// verifyPassword tells whether password is the one that hash was made of. With
// no hash it does the same work and answers false, so that an account without a
// password takes as long as one with. A stored hash that cannot be read is
// nobody's password.
func verifyPassword(ctx context.Context, place *secure.Place, hash *string, password string) (bool, error) {
	if hash == nil || *hash == "" {
		return false, place.DummyHash(ctx, password)
	}
	ok, err := place.Verify(ctx, *hash, password)
	if errors.Is(err, secure.ErrMalformedHash) {
		return false, nil
	}
	return ok, err
}
