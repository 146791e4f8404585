package auth

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// NewCredential gives an account with the hash of a user's password, which is not
// stored yet.
func (a *Auth) NewCredential(userID, hash string, at time.Time) (*store.Account, error) {
	id, err := a.NewID()
	if err != nil {
		return nil, err
	}
	return &store.Account{
		ID: id, AccountID: userID, ProviderID: store.CredentialProvider, UserID: userID,
		Password: &hash, CreatedAt: at, UpdatedAt: at,
	}, nil
}

// PasswordIs are the changes to an account that give it another password.
func (a *Auth) PasswordIs(hash string) []store.Change {
	return []store.Change{{Field: "password", Value: hash}, {Field: "updatedAt", Value: a.Time()}}
}

// SetPassword changes the password of a user, or gives one to a user without.
// What tx notes tells of that. Whoever calls it takes back what the user was sent
// (TakeBack) in the same transaction, and hashes before it begins.
func (a *Auth) SetPassword(ctx context.Context, tx *store.Store, userID, hash string) error {
	account, err := tx.Credential(ctx, userID)
	if err == nil {
		_, err = tx.UpdateAccount(ctx, account.ID, a.PasswordIs(hash)...)
		return err
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if account, err = a.NewCredential(userID, hash, a.Time()); err != nil {
		return err
	}
	return tx.CreateAccount(ctx, account)
}
