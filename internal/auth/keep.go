package auth

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// KeepSession stores a session that NewSession has given, together with what
// noting notes. Between the two the user may have been barred: then they are
// refused here.
func (a *Auth) KeepSession(ctx context.Context, noting *store.Store, c *api.Call, s *store.Session) error {
	return a.kept(ctx, noting, c, s, noting.CreateSession(ctx, s))
}

// kept gives the answer to what storing a session has said. Whoever bars a user
// says it themselves.
func (a *Auth) kept(ctx context.Context, tx *store.Store, c *api.Call, s *store.Session, said error) error {
	if !errors.Is(said, store.ErrBarred) {
		return said
	}
	user, err := tx.UserByID(ctx, s.UserID)
	if err == nil {
		err = a.mayHaveSession(ctx, tx.Noting(nil), c, user)
	}
	if err == nil || errors.Is(err, store.ErrNotFound) { // as soon gone as come
		err = ErrFailedToMakeSession.WithCause(said)
	}
	return err
}
