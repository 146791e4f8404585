package core

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// accountInput says which account a caller means: one of the list, or the one
// in the account cookie.
type accountInput struct {
	ByID     *accountByID     `form:"strict"`
	ByCookie *accountByCookie `form:"strict"`
}

type accountByID struct {
	AccountID string `json:"accountId" check:"own" doc:"The account's id, as /list-accounts gives it."`
	// UserID has no effect: identity comes from the session.
	UserID *string `json:"userId" check:"own" doc:"Ignored: the user is that of the session."`
}

type accountByCookie struct {
	UseAccountCookie api.True `json:"useAccountCookie" doc:"Takes the account that the account cookie holds."`
	UserID           *string  `json:"userId" check:"own" doc:"Ignored: the user is that of the session."`
}

// account finds the account that in names among those of the caller. These
// endpoints answer strangers with an empty 401.
func (c *Core) account(ctx context.Context, call *api.Call, in accountInput) (*store.Account, error) {
	if err := c.auth.FindStoredSession(ctx, call); err != nil {
		return nil, err
	}
	switch {
	case call.Session == nil:
		return nil, errNobody
	case in.ByCookie != nil:
		if account := c.auth.AccountCookie(call, call.User.ID); account != nil {
			return account, nil
		}
		return nil, auth.ErrAccountNotFound
	}
	accounts, err := c.auth.Store.Accounts(ctx, call.User.ID, c.listLimit())
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		if a.ID == in.ByID.AccountID {
			return a, nil
		}
	}
	return nil, auth.ErrAccountNotFound
}

// provider finds the provider of an account.
func (c *Core) provider(account *store.Account) (*oauth.Provider, error) {
	if p := c.social.Provider(account.ProviderID); p != nil {
		return p, nil
	}
	return nil, api.NewError(400, "PROVIDER_NOT_SUPPORTED", fmt.Sprintf("Provider %s is not supported.", account.ProviderID))
}

type accessTokenOutput struct {
	AccessToken          string     `json:"accessToken"`
	AccessTokenExpiresAt *time.Time `json:"accessTokenExpiresAt,omitempty"`
	Scopes               []string   `json:"scopes"`
	IDToken              *string    `json:"idToken,omitempty"`
}

func (c *Core) accessToken(ctx context.Context, call *api.Call, in accountInput) (out accessTokenOutput, err error) {
	account, err := c.account(ctx, call, in)
	if err != nil {
		return out, err
	}
	p, err := c.provider(account)
	if err != nil {
		return out, err
	}
	return c.validToken(ctx, call, p, account)
}

// soon is how long before its end an access token is renewed.
const soon = 5 * time.Second

// validToken gives the access token of an account, renewed where it ends soon.
func (c *Core) validToken(ctx context.Context, call *api.Call, p *oauth.Provider, account *store.Account) (out accessTokenOutput, err error) {
	if p.Refresh != nil && textOf(account.RefreshToken) != "" && c.endsSoon(account) {
		renewed, err := c.renew(ctx, p, account)
		if err != nil {
			return out, unlessUnavailable(err, errNoAccessToken)
		}
		account = renewed.row
		c.auth.SetAccountCookie(call, account)
	}
	token, err := c.auth.OpenToken(textOf(account.AccessToken))
	if err != nil {
		return out, errNoAccessToken.WithCause(err)
	}
	return accessTokenOutput{token, account.AccessTokenExpiresAt, scopes(account.Scope), account.IDToken}, nil
}

func (c *Core) endsSoon(account *store.Account) bool {
	ends := account.AccessTokenExpiresAt
	return ends != nil && ends.Sub(c.auth.Now()) < soon
}

// unlessUnavailable puts refusal in the place of every error that does not say that
// the database is at fault.
func unlessUnavailable(err error, refusal *api.Error) error {
	if errors.Is(err, store.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return refusal.WithCause(err)
}

type refreshTokenOutput struct {
	AccessToken           string     `json:"accessToken"`
	RefreshToken          string     `json:"refreshToken"`
	AccessTokenExpiresAt  *time.Time `json:"accessTokenExpiresAt,omitempty"`
	RefreshTokenExpiresAt *time.Time `json:"refreshTokenExpiresAt"`
	Scope                 *string    `json:"scope"`
	IDToken               *string    `json:"idToken"`
	ProviderID            string     `json:"providerId"`
	AccountID             string     `json:"accountId"`
}

func (c *Core) refreshToken(ctx context.Context, call *api.Call, in accountInput) (out refreshTokenOutput, err error) {
	account, err := c.account(ctx, call, in)
	if err != nil {
		return out, err
	}
	p, err := c.provider(account)
	switch {
	case err != nil:
		return out, err
	case p.Refresh == nil:
		return out, api.NewError(400, "TOKEN_REFRESH_NOT_SUPPORTED", fmt.Sprintf("Provider %s does not support token refreshing.", account.ProviderID))
	case textOf(account.RefreshToken) == "":
		return out, errNoRefreshToken
	}
	renewed, err := c.renew(ctx, p, account)
	if err != nil {
		return out, unlessUnavailable(err, errNotRefreshed)
	}
	if in.ByCookie != nil {
		c.auth.SetAccountCookie(call, renewed.row)
	}
	return c.refreshed(renewed)
}

// refreshed tells what a renewal has brought.
func (c *Core) refreshed(r renewal) (out refreshTokenOutput, err error) {
	row := r.row
	access, err := c.auth.OpenToken(textOf(row.AccessToken))
	if err != nil {
		return out, errNotRefreshed.WithCause(err)
	}
	refresh, err := c.auth.OpenToken(textOf(row.RefreshToken))
	if err != nil {
		return out, errNotRefreshed.WithCause(err)
	}
	out = refreshTokenOutput{
		AccessToken: access, RefreshToken: refresh, AccessTokenExpiresAt: row.AccessTokenExpiresAt,
		RefreshTokenExpiresAt: row.RefreshTokenExpiresAt, Scope: row.Scope, IDToken: row.IDToken,
		ProviderID: row.ProviderID, AccountID: row.ID,
	}
	if r.tokens != nil && r.tokens.AccessExpiresAt.IsZero() {
		out.AccessTokenExpiresAt = nil
	}
	return out, nil
}
