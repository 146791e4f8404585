package core

import (
	"context"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
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

// accountInfo asks the account's provider about its user. No provider is
// configured yet, so every account ends here.
func (c *Core) accountInfo(ctx context.Context, call *api.Call, in accountInput) (api.None, error) {
	if _, err := c.account(ctx, call, in); err != nil {
		return api.None{}, err
	}
	return api.None{}, errProviderNotConfigured
}

// accessToken and refreshToken need a provider too.
func (c *Core) accessToken(ctx context.Context, call *api.Call, in accountInput) (api.None, error) {
	return c.providerToken(ctx, call, in)
}

func (c *Core) refreshToken(ctx context.Context, call *api.Call, in accountInput) (api.None, error) {
	return c.providerToken(ctx, call, in)
}

func (c *Core) providerToken(ctx context.Context, call *api.Call, in accountInput) (api.None, error) {
	account, err := c.account(ctx, call, in)
	if err != nil {
		return api.None{}, err
	}
	return api.None{}, api.NewError(400, "PROVIDER_NOT_SUPPORTED", fmt.Sprintf("Provider %s is not supported.", account.ProviderID))
}
