package core

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// Bounds of renewing the tokens of an account.
const (
	// writeTimeout is how long it is tried to write down what a provider has given
	// while the database is away: the token that was shown for it may be used up.
	writeTimeout = 5 * time.Second
	// attemptLife is how long an attempt keeps others from beginning one when whoever
	// began it is gone. It leaves some seconds for clocks that differ.
	attemptLife = outbound.Timeout + writeTimeout + 5*time.Second
	// firstLook and longestLook are the pauses between looks at another's attempt.
	firstLook, longestLook = 20 * time.Millisecond, 320 * time.Millisecond
)

var (
	errAttemptFailed = errors.New("the attempt that this call waited for has failed")
	errTokensGone    = errors.New("the account is gone, or has other tokens by now")
)

// renewal is what became of the tokens of an account.
type renewal struct {
	row *store.Account
	// tokens are what the provider has given to this call; nil where another call has
	// asked it.
	tokens *oauth.Tokens
}

// renew trades the refresh token of an account for new tokens. Many providers take
// one once only and, shown it again, end everything that came of it. So there is one
// attempt at a time over all instances, noted in the database: a call that comes
// meanwhile waits for it and takes what it has brought. No connection is held while
// the provider is asked, however long it takes.
func (c *Core) renew(ctx context.Context, p *oauth.Provider, seen *store.Account) (renewal, error) {
	id, err := secure.NewID(c.auth.Rand)
	if err != nil {
		return renewal{}, err
	}
	for {
		now := c.auth.Time()
		began, err := c.auth.Store.CoreBeginRefresh(ctx, db.CoreBeginRefreshParams{
			Account: seen.ID, Attempt: id, EndsAt: now.Add(attemptLife), Now: now,
		})
		if err != nil {
			return renewal{}, err
		}
		if began > 0 {
			return c.attempt(ctx, p, seen, id)
		}
		if row, err := c.await(ctx, seen); err != nil || row != nil {
			return renewal{row: row}, err
		}
	}
}

// await waits for the attempt of another call and gives the account as that has left
// it; nil where it has left it as it was, or will do nothing more.
func (c *Core) await(ctx context.Context, seen *store.Account) (*store.Account, error) {
	id := ""
	for pause := firstLook; ; pause = min(2*pause, longestLook) {
		other, err := c.auth.Store.CoreRefreshAttempt(ctx, seen.ID)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && id != "" && other.Attempt != id:
			return c.newer(ctx, seen)
		case err != nil:
			return nil, err
		case other.Failed:
			return nil, errAttemptFailed
		case !other.EndsAt.After(c.auth.Now()):
			return nil, nil
		}
		id = other.Attempt
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// newer gives the account if it has other tokens than those that were seen, else nil.
func (c *Core) newer(ctx context.Context, seen *store.Account) (*store.Account, error) {
	row, err := c.auth.Store.AccountOf(ctx, seen.UserID, seen.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errTokensGone
	case err != nil, textOf(row.AccessToken) == textOf(seen.AccessToken) && textOf(row.RefreshToken) == textOf(seen.RefreshToken):
		return nil, err
	}
	return row, nil
}

// attempt renews the tokens as the only one who does. That a client goes away does
// not stop it: the provider may have used up the refresh token by then.
func (c *Core) attempt(ctx context.Context, p *oauth.Provider, seen *store.Account, id string) (renewal, error) {
	ctx = context.WithoutCancel(ctx)
	r, err := c.ask(ctx, p, seen)
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if err == nil {
		err = c.write(ctx, &r, id)
	}
	if err != nil {
		failed := c.auth.Store.CoreFailRefresh(ctx, db.CoreFailRefreshParams{Account: seen.ID, Attempt: id})
		return renewal{}, errors.Join(err, failed)
	}
	return r, nil
}

// ask asks the provider, unless somebody did since the account was seen.
func (c *Core) ask(ctx context.Context, p *oauth.Provider, seen *store.Account) (renewal, error) {
	ctx, cancel := context.WithTimeout(ctx, outbound.Timeout)
	defer cancel()
	row, err := c.newer(ctx, seen)
	switch {
	case err != nil:
		return renewal{}, err
	case row != nil && !c.endsSoon(row):
		return renewal{row: row}, nil
	case row == nil:
		row = seen
	}
	token, err := c.auth.OpenToken(textOf(row.RefreshToken))
	if err != nil {
		return renewal{}, err
	}
	tokens, err := p.Refresh(ctx, token)
	return renewal{row: row, tokens: tokens}, err
}
