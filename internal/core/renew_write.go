package core

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// write keeps what a renewal has brought and ends its attempt, and goes on trying
// while the database is away.
func (c *Core) write(ctx context.Context, r *renewal, id string) error {
	for {
		var row *store.Account
		err := c.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
			if row, err = c.keep(ctx, tx, r); err != nil {
				return err
			}
			return tx.CoreEndRefresh(ctx, db.CoreEndRefreshParams{Account: row.ID, Attempt: id})
		})
		if err == nil {
			r.row = row
		}
		if !errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		time.Sleep(longestLook)
	}
}

// keep writes what the provider has given into the account.
func (c *Core) keep(ctx context.Context, tx *store.Store, r *renewal) (*store.Account, error) {
	if r.tokens == nil {
		return r.row, nil
	}
	changes, err := c.changes(r.tokens)
	if err != nil {
		return nil, err
	}
	row, err := tx.RenewTokens(ctx, r.row, changes)
	if !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	// A sign-in has brought tokens meanwhile, and those count.
	row, err = tx.AccountOf(ctx, r.row.UserID, r.row.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, errTokensGone
	}
	return row, err
}

// changes are what the tokens change in the account: never its scope, which a
// provider may narrow in such an answer.
func (c *Core) changes(t *oauth.Tokens) (store.Renewal, error) {
	access, err := c.auth.SealToken(t.Access)
	if err != nil {
		return store.Renewal{}, err
	}
	refresh, err := c.auth.SealToken(t.Refresh)
	return store.Renewal{
		AccessToken: &access, AccessTokenExpiresAt: given(t.AccessExpiresAt),
		RefreshToken: filled(refresh), RefreshTokenExpiresAt: given(t.RefreshExpiresAt),
		IDToken: filled(t.ID), UpdatedAt: c.auth.Time(),
	}, err
}

// given gives a time as it is stored, nil where there is none.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Millisecond)
	return &t
}

func filled(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// sweepRefreshes deletes attempts of instances that have died.
func (c *Core) sweepRefreshes(ctx context.Context, before time.Time, limit int) (int64, error) {
	return c.auth.Store.CoreSweepRefreshes(ctx, db.CoreSweepRefreshesParams{Before: before, Most: int32(limit)})
}
