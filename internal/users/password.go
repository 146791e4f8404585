package users

import (
	"context"
	"errors"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// SetPassword gives a user, named by address or id, another password, or a first
// one. Links that the user was sent count no more, and sessions end unless
// keepSessions.
func (u *Users) SetPassword(ctx context.Context, who, password string, keepSessions bool) (*store.User, error) {
	user, err := u.Find(ctx, who)
	if err != nil {
		return nil, err
	}
	hash, err := u.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	err = u.auth.Store.InTx(ctx, func(tx *store.Store) error {
		locked, err := tx.LockUser(ctx, user.ID)
		if err != nil {
			return err
		}
		// The password first: a sign-in with the old one holds on to it until its
		// session is there to be deleted.
		noting := tx.Noting(u.auth.Note(nil, auth.EventUserPasswordSet).About(user.ID))
		if err := u.auth.SetPassword(ctx, noting, user.ID, hash); err != nil {
			return err
		}
		if err := u.endSessions(ctx, tx, user.ID, keepSessions); err != nil {
			return err
		}
		return u.auth.TakeBack(ctx, tx, locked)
	})
	return user, plain(err)
}

func (u *Users) endSessions(ctx context.Context, tx *store.Store, userID string, keep bool) error {
	if keep {
		return nil
	}
	noting := tx.Noting(u.auth.Note(nil, auth.EventSessionRevoked).With("which", "all"))
	_, err := noting.DeleteUserSessions(ctx, userID)
	return err
}

// hash hashes a password that the configuration allows.
func (u *Users) hash(ctx context.Context, password string) (string, error) {
	cfg := &u.auth.Config.EmailAndPassword
	err := u.auth.CheckNewPassword(password)
	switch {
	case errors.Is(err, auth.ErrPasswordTooShort):
		return "", fmt.Errorf("the password is shorter than %d characters (emailAndPassword.minPasswordLength)", cfg.MinPasswordLength)
	case errors.Is(err, auth.ErrPasswordTooLong):
		return "", fmt.Errorf("the password is longer than %d characters (emailAndPassword.maxPasswordLength)", cfg.MaxPasswordLength)
	case err != nil:
		return "", err
	}
	return u.auth.HashPassword(ctx, nil, password)
}
