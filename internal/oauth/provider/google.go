package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// google tells who the user is in the ID token, and can be held to the users of
// one organization.
func google(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "google", name: "Google",
		authorize: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token",
		scopes: []string{"email", "profile", "openid"}, prompt: true, hint: true, secret: true,
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) {
		r.AccessType, r.Display, r.HD = o.AccessType, o.Display, o.HD
		if o.IncludeGrantedScopes == nil || *o.IncludeGrantedScopes {
			r.Extra = before(oauth.Param{Name: "include_granted_scopes", Value: "true"}, r.Extra)
		}
	})
	p.Subject = subject("sub")
	good := check(&o, d, "https://www.googleapis.com/oauth2/v3/certs", "https://accounts.google.com", "accounts.google.com")
	good.Claims = func(c api.Object) error { return hostedDomain(&o, c) }
	accept(p, good)
	p.UserInfo = func(_ context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		profile, err := decoded(t)
		if err != nil {
			return nil, err
		}
		if err := hostedDomain(&o, profile); err != nil {
			return nil, fmt.Errorf("%w: %w", err, oauth.ErrNoUser)
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		return o.UserInfo(profile, person(its("name"), its("email"), its("picture"), its("email_verified"))), nil
	}
	return p, nil
}

// hostedDomain says why a user is of another organization than the options name,
// where * stands for any.
func hostedDomain(o *oauth.Options, claims api.Object) error {
	its := text(claims, "hd")
	if o.HD == "" || its != "" && (o.HD == "*" || o.HD == its) {
		return nil
	}
	return errors.New("the user's organization is not that of the option hd")
}
