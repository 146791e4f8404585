package provider

import (
	"context"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// check is what an ID token of most providers has to be: signed with RS256 by a
// key that the provider publishes, for this application, an hour old at most.
func check(o *oauth.Options, d Deps, keys string, issuers ...string) *oauth.IDTokenCheck {
	return &oauth.IDTokenCheck{
		Keys: &oauth.Keys{Client: d.Client, URL: keys, Now: d.Now}, Algorithms: []string{jose.RS256},
		Issuers: issuers, Audience: o.ClientID.Values, MaxAge: oauth.MaxTokenAge, Now: d.Now,
	}
}

// accept lets clients bring ID tokens that pass the check, unless the options say
// that none is taken.
func accept(p *oauth.Provider, check *oauth.IDTokenCheck) {
	if p.Options.DisableIDTokenSignIn {
		return
	}
	p.CheckIDToken = func(ctx context.Context, token, nonce string) error {
		_, err := check.Verify(ctx, token, nonce)
		return err
	}
}

// decoded gives the claims of the ID token, which came from the provider or was
// checked before.
func decoded(t *oauth.Tokens) (api.Object, error) {
	if t.ID == "" {
		return nil, fmt.Errorf("there is no ID token: %w", oauth.ErrNoUser)
	}
	claims, err := oauth.DecodeJWT(t.ID)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, oauth.ErrNoUser)
	}
	return claims, nil
}

// yesOrNo reads a truth that some providers write as a text; what is neither is
// left out.
func yesOrNo(v any) any {
	switch v {
	case true, "true":
		return true
	case false, "false":
		return false
	}
	return oauth.Undefined{}
}
