package auth

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// KeepVerification stores a one-time value for life. The identifier begins with
// its purpose, such as "reset-password:", and holds the secret part.
func (a *Auth) KeepVerification(ctx context.Context, tx *store.Store, identifier, value string, life time.Duration) (*store.Verification, error) {
	id, err := a.NewID()
	if err != nil {
		return nil, err
	}
	now := a.Time()
	v := &store.Verification{
		ID: id, Identifier: a.Config.Verification.StoreIdentifier.stored(identifier), Value: value,
		ExpiresAt: now.Add(life), CreatedAt: now, UpdatedAt: now,
	}
	return v, tx.CreateVerification(ctx, v)
}

// Verification finds a one-time value that still counts and leaves it there;
// store.ErrNotFound says that there is none.
func (a *Auth) Verification(ctx context.Context, identifier string) (*store.Verification, error) {
	v, err := a.stored(identifier, func(stored string) (*store.Verification, error) {
		return a.Store.VerificationOf(ctx, stored)
	})
	if err == nil && v.ExpiresAt.Before(a.Time()) {
		return nil, store.ErrNotFound
	}
	return v, err
}

// VerificationAtAnyAge is Verification for whoever looks at the end of it, which
// may have been.
func (a *Auth) VerificationAtAnyAge(ctx context.Context, identifier string) (*store.Verification, error) {
	return a.stored(identifier, func(stored string) (*store.Verification, error) {
		return a.Store.VerificationOf(ctx, stored)
	})
}

// TakeVerification takes the value that VerificationAtAnyAge has found. Only one
// caller gets it; the others get store.ErrNotFound.
func (a *Auth) TakeVerification(ctx context.Context, tx *store.Store, found *store.Verification) error {
	_, err := tx.ConsumeVerification(ctx, found.Identifier, time.Time{})
	return err
}

// ConsumeVerification takes a one-time value in the transaction of what it is
// good for. Only one caller gets it; the others get store.ErrNotFound.
func (a *Auth) ConsumeVerification(ctx context.Context, tx *store.Store, identifier string) (*store.Verification, error) {
	return a.stored(identifier, func(stored string) (*store.Verification, error) {
		return tx.ConsumeVerification(ctx, stored, a.Time())
	})
}

// ConsumeVerificationOf is ConsumeVerification for a value that stands for a
// user. That of another user stays where it is.
func (a *Auth) ConsumeVerificationOf(ctx context.Context, tx *store.Store, identifier, userID string) error {
	_, err := a.stored(identifier, func(stored string) (*store.Verification, error) {
		return nil, tx.ConsumeVerificationOf(ctx, stored, userID, a.Time())
	})
	return err
}

// CountTry counts one try at a one-time value that ends with the number of its
// tries, and gives it with the new number; store.ErrNotFound says that none is
// left, or that there is no such value.
func (a *Auth) CountTry(ctx context.Context, tx *store.Store, identifier string, most int) (*store.Verification, error) {
	return a.stored(identifier, func(stored string) (*store.Verification, error) {
		return tx.CountTry(ctx, stored, a.Time(), most)
	})
}

// EndVerifications ends the one-time values of a purpose that stand for a user. It
// ends those of other purposes too where identifiers are stored in a form that
// does not tell them apart.
func (a *Auth) EndVerifications(ctx context.Context, tx *store.Store, userID, purpose string) error {
	if a.Config.Verification.StoreIdentifier.stored(purpose) != purpose {
		_, err := tx.DeleteVerificationsOf(ctx, userID)
		return err
	}
	_, err := tx.DeleteVerificationsFor(ctx, userID, purpose)
	return err
}

// stored looks for an identifier as it is stored now, and then as it was before
// verification.storeIdentifier was set.
func (a *Auth) stored(identifier string, find func(string) (*store.Verification, error)) (*store.Verification, error) {
	stored := a.Config.Verification.StoreIdentifier.stored(identifier)
	v, err := find(stored)
	if stored != identifier && errors.Is(err, store.ErrNotFound) {
		return find(identifier)
	}
	return v, err
}

// TakeBack ends everything that a user was sent and has not used: one-time
// values, and links that would change the address or sign in. Failed tries are
// forgotten too. It is part of every transaction that changes a password or an
// address.
func (a *Auth) TakeBack(ctx context.Context, tx *store.Store, user *store.User) error {
	if _, err := tx.DeleteVerificationsOf(ctx, user.ID); err != nil {
		return err
	}
	if err := a.forgetAttempts(ctx, tx, user); err != nil {
		return err
	}
	now := a.Time()
	return tx.AuthCutLinks(ctx, db.AuthCutLinksParams{UserID: user.ID, IssuedUntil: now, ExpiresAt: now.Add(a.longestLink())})
}

// longestLink is how long a link about an address may count: the first mail of
// the flow has the configured time, the second always Better Auth's default.
func (a *Auth) longestLink() time.Duration { return max(DefaultLinkLife, a.EmailLinkLife()) }

// LinksEnded gives the time until which a user's links have ended, which is
// the zero time where none have.
func (a *Auth) LinksEnded(ctx context.Context, s *store.Store, userID string) (time.Time, error) {
	at, err := s.AuthLinkCutoff(ctx, userID)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, nil
	}
	return at, err
}
