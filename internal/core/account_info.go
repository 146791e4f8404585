package core

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// accountInfo asks the account's provider about its user.
func (c *Core) accountInfo(ctx context.Context, call *api.Call, in accountInput) (api.Object, error) {
	account, err := c.account(ctx, call, in)
	if err != nil {
		return nil, err
	}
	p := c.social.Provider(account.ProviderID)
	if p == nil {
		return nil, errProviderNotConfigured
	}
	valid, err := c.validToken(ctx, call, p, account)
	switch {
	case err != nil:
		return nil, err
	case valid.AccessToken == "":
		return nil, errAccessTokenNotFound
	}
	tokens := &oauth.Tokens{Access: valid.AccessToken, ID: textOf(valid.IDToken), Scopes: valid.Scopes}
	if valid.AccessTokenExpiresAt != nil {
		tokens.AccessExpiresAt = *valid.AccessTokenExpiresAt
	}
	info, err := p.UserInfo(ctx, tokens)
	if err != nil {
		return nil, errNoProviderUser.WithCause(err)
	}
	return api.Object{
		{Key: "user", Value: info.User},
		{Key: "data", Value: info.Profile},
		{Key: "account", Value: api.Object{
			{Key: "id", Value: account.ID},
			{Key: "providerId", Value: account.ProviderID},
			{Key: "accountId", Value: account.AccountID},
		}},
	}, nil
}
