package provider

import (
	"context"
	"fmt"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// paypal has a world for tests, which it begins with, and asks for no scopes. Its
// profile must be that of the ID token.
func paypal(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	www, api := "https://www.sandbox.paypal.com", "https://api-m.sandbox.paypal.com"
	switch o.Environment {
	case "", "sandbox":
	case "live":
		www, api = "https://www.paypal.com", "https://api-m.paypal.com"
	default:
		return nil, fmt.Errorf("paypal has no environment %s", o.Environment)
	}
	s := standard{
		id: "paypal", name: "PayPal",
		authorize: www + "/signin/authorize", token: api + "/v1/oauth2/token",
		prompt: true, auth: oauth.BasicSecret,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Scopes = nil
		return r.URL()
	}
	p.Subject = subject("user_id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		header := http.Header{"Accept": {"application/json"}}
		profile, err := getObject(ctx, d, api+"/v1/identity/oauth2/userinfo?schema=paypalv1.1", t.Access, header)
		if err != nil {
			return nil, err
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		if t.ID != "" {
			claims, err := oauth.DecodeJWT(t.ID)
			who := oauth.Member(claims, "sub")
			if err != nil || !oauth.Truthy(who) || !same(who, given(its("sub"), its("user_id"))) {
				return nil, fmt.Errorf("paypal tells of another user than its ID token: %w", oauth.ErrNoUser)
			}
		}
		return o.UserInfo(profile, person(its("name"), its("email"), its("picture"), its("email_verified"))), nil
	}
	return p, nil
}
