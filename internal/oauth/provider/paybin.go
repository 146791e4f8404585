package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// paybin may be a server of one's own.
func paybin(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	issuer := o.Issuer
	if issuer == "" {
		issuer = "https://idp.paybin.io"
	}
	s := standard{
		id: "paybin", name: "Paybin",
		authorize: issuer + "/oauth2/authorize", token: issuer + "/oauth2/token",
		scopes: []string{"openid", "email", "profile"}, prompt: true, hint: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("sub")
	p.UserInfo = claims(&o, func(profile api.Object) api.Object {
		its := func(key string) any { return oauth.Member(profile, key) }
		name := or(its("name"), its("preferred_username"), "")
		return person(name, its("email"), its("picture"), or(its("email_verified"), false))
	})
	return p, nil
}
