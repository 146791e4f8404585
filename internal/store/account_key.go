package store

import (
	"context"
	"errors"
)

// AccountsByKey gives the accounts that are a provider's user, of which there
// should be one: two are enough to see that there are more.
func (s *Store) AccountsByKey(ctx context.Context, providerID, accountID string) ([]*Account, error) {
	list, err := s.accounts(ctx, s.layout.sql.accountsByKey, providerID, accountID)
	if errors.Is(unknown(err), ErrNotFound) {
		return nil, nil // a key that no column could hold
	}
	return list, err
}

// LockAccountKey makes transactions that want to make an account of a provider's
// user come one after another: no constraint of Better Auth's keeps it from being
// there twice.
func (s *Store) LockAccountKey(ctx context.Context, providerID, accountID string) error {
	_, err := s.run.Exec(ctx, "select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", providerID, accountID)
	return err
}
