package core

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// logoutAt gives the address at which a provider of the user ends its own session,
// empty where none does: that of the account which was written last. A session that
// has ended gives none, since the address holds an ID token.
func (c *Core) logoutAt(ctx context.Context, token string, in *signOutInput) (string, error) {
	if !c.social.EndsSessions() {
		return "", nil
	}
	session, user, err := c.auth.Store.SessionByToken(ctx, token)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case !session.ExpiresAt.After(c.auth.Now()):
		return "", nil
	}
	accounts, err := c.auth.Store.Accounts(ctx, user.ID, c.listLimit())
	if err != nil {
		return "", err
	}
	slices.SortStableFunc(accounts, func(a, b *store.Account) int { return b.UpdatedAt.Compare(a.UpdatedAt) })
	request := c.logoutRequest(in)
	for _, account := range accounts {
		p := c.social.Provider(account.ProviderID)
		if p == nil || p.EndSession == nil {
			continue
		}
		request.IDToken = textOf(account.IDToken)
		if address := p.EndSession(request); address != "" {
			return address, nil
		}
	}
	return "", nil
}

// logoutRequest is what the caller wants of a logout. The origin check has looked
// at the address already.
func (c *Core) logoutRequest(in *signOutInput) (l oauth.Logout) {
	if in == nil {
		return l
	}
	l.State = textOf(in.State)
	if target := textOf(in.CallbackURL); target != "" {
		base, err := url.Parse(c.auth.BaseURL)
		if err != nil {
			return l
		}
		if at, err := base.Parse(c.auth.RedirectTarget(target)); err == nil {
			l.RedirectURI = at.String()
		}
	}
	return l
}
