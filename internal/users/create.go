package users

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Newcomer is a user to be.
type Newcomer struct {
	Email, Name string
	// Password is empty for a user who has none.
	Password string
	// Verified says that the address is known to be the user's.
	Verified bool
	// Roles may be empty: then the user gets those that everybody gets.
	Roles []string
	// Username is empty for a user without one.
	Username string
	// Fields are values of further fields, as text: JSON for what is no text,
	// number, date or boolean.
	Fields map[string]string
}

// Create makes a user, with a password or without.
func (u *Users) Create(ctx context.Context, n Newcomer) (*store.User, error) {
	user, err := u.user(n)
	if err != nil {
		return nil, err
	}
	if err := u.free(ctx, user.Email); err != nil {
		return nil, err
	}
	hash := ""
	if n.Password != "" {
		if hash, err = u.hash(ctx, n.Password); err != nil {
			return nil, err
		}
	}
	err = u.auth.Store.InTx(ctx, func(tx *store.Store) error { return u.insert(ctx, tx, user, hash) })
	if errors.Is(err, store.ErrDuplicate) {
		if taken := u.free(ctx, user.Email); taken != nil { // somebody was quicker
			err = taken
		}
	}
	return user, plain(err)
}

// user checks what was said and makes a user of it.
func (u *Users) user(n Newcomer) (*store.User, error) {
	email := strings.ToLower(n.Email)
	if !api.IsEmail(email) {
		return nil, fmt.Errorf("%q is no address of mail", n.Email)
	}
	if n.Name == "" {
		return nil, errors.New("a user needs a name")
	}
	further, err := u.further(n)
	if err != nil {
		return nil, err
	}
	id, err := u.auth.NewID()
	if err != nil {
		return nil, err
	}
	now := u.auth.Time()
	return &store.User{
		ID: id, Name: n.Name, Email: email, EmailVerified: n.Verified, CreatedAt: now, UpdatedAt: now, Extra: further,
	}, nil
}

// free refuses an address that a user has.
func (u *Users) free(ctx context.Context, email string) error {
	owner, err := u.auth.Store.UserByEmail(ctx, email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("the user %s has that address already: take another one, or change that user", owner.ID)
}

func (u *Users) insert(ctx context.Context, tx *store.Store, user *store.User, hash string) error {
	if err := u.auth.CreateUser(ctx, tx, nil, user); err != nil {
		return err
	}
	if hash != "" {
		account, err := u.auth.NewCredential(user.ID, hash, user.CreatedAt)
		if err != nil {
			return err
		}
		if err := tx.CreateAccount(ctx, account); err != nil {
			return err
		}
	}
	return tx.Note(ctx, u.auth.Note(nil, auth.EventUserCreated).About(user.ID))
}
