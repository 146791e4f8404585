package social

import (
	"context"
	"math"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// Callback is what a browser has brought back from a provider, with what the state
// says of it.
type Callback struct {
	Code, Verifier, Nonce string
	// Issuer is who says to have answered (RFC 9207); empty where nobody does.
	Issuer string
	// DeviceID and User are what single providers send along; User is JSON.
	DeviceID, User string
}

// Identity is who somebody is at a provider.
type Identity struct {
	ProviderID, AccountID string
	Info                  *oauth.UserInfo
	// Tokens go into the account. Where Scopes is nil, it gets none.
	Tokens *oauth.Tokens
}

// Email is the address in small letters; empty where there is none.
func (id *Identity) Email() string { return oauth.SmallLetters(id.Info.Email()) }

// Errors of a callback, as browsers get them.
const (
	errorNoState          = "state_not_found"
	errorNoCode           = "no_code"
	errorNoProvider       = "oauth_provider_not_found"
	errorIssuer           = "issuer_mismatch"
	errorNonce            = "nonce_binding_missing"
	errorCode             = "invalid_code"
	errorUserInfo         = "unable_to_get_user_info"
	errorNoCallback       = "no_callback_url"
	errorNoEmail          = "email_not_found"
	errorEmailNotVerified = "email_not_verified"
	errorNotLinked        = "unable_to_link_account"
	errorOtherEmail       = "email_does_not_match"
	errorOtherUser        = "account_already_linked_to_different_user"
)

// Exchange trades what a callback has brought for an identity, or gives one of the
// callback's error codes. What the provider is asked is outside any transaction.
func (s *Social) Exchange(ctx context.Context, c *api.Call, p *oauth.Provider, cb Callback) (id *Identity, code string) {
	switch {
	case cb.Issuer != "" && p.Issuer != "" && cb.Issuer != p.Issuer:
		return nil, errorIssuer
	case p.BindsNonce && cb.Nonce == "":
		return nil, errorNonce
	}
	tokens, err := p.Exchange(ctx, oauth.Code{
		Code: cb.Code, Verifier: cb.Verifier, RedirectURI: s.CallbackURL(p), DeviceID: cb.DeviceID,
	})
	if err != nil || tokens == nil {
		c.Log.Warn("a provider has not taken a code", "provider", p.ID, "error", err)
		return nil, errorCode
	}
	tokens.Nonce = cb.Nonce
	if user, err := oauth.ParseValue([]byte(cb.User)); err == nil {
		tokens.User = user
	}
	if id = s.identify(ctx, c, p, tokens); id == nil {
		return nil, errorUserInfo
	}
	return id, ""
}

// identify asks a provider whose tokens these are; nil where it does not tell.
func (s *Social) identify(ctx context.Context, c *api.Call, p *oauth.Provider, t *oauth.Tokens) *Identity {
	info := s.ask(ctx, c, p, t)
	if info == nil {
		return nil
	}
	return s.identity(c, p, t, info)
}

// ask asks a provider about the user of tokens; nil where it does not tell.
func (s *Social) ask(ctx context.Context, c *api.Call, p *oauth.Provider, t *oauth.Tokens) *oauth.UserInfo {
	info, err := p.UserInfo(ctx, t)
	if err != nil || info == nil {
		c.Log.Warn("a provider has not told who a user is", "provider", p.ID, "error", err)
		return nil
	}
	return info
}

// identity is who a user is of whom a provider has told; nil without a lasting id.
func (s *Social) identity(c *api.Call, p *oauth.Provider, t *oauth.Tokens, info *oauth.UserInfo) *Identity {
	accountID, ok := subject(p.Subject(t, info.Profile))
	if !ok {
		c.Log.Warn("a provider has not told the lasting id of a user", "provider", p.ID)
		return nil
	}
	return &Identity{ProviderID: p.ID, AccountID: accountID, Info: info, Tokens: t}
}

// subject writes the id of a user as JavaScript does.
func subject(v any) (string, bool) {
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return "", false
		}
		number, err := api.JSON(v)
		if err != nil {
			return "", false
		}
		text = string(number)
	}
	return text, strings.TrimSpace(text) != "" && text != "undefined" && text != "null"
}
