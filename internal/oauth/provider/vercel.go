package provider

import (
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// vercel has no refresh tokens, and its applications may have no secret.
func vercel(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "vercel", name: "Vercel",
		authorize: "https://vercel.com/oauth/authorize", token: "https://api.vercel.com/login/oauth/token",
		userInfo: "https://api.vercel.com/login/oauth/userinfo",
	}
	secret := o.ClientSecret.Reveal() != ""
	switch method := o.TokenEndpointAuth.Method; {
	case method == "none" && secret:
		return nil, errors.New("vercel's tokenEndpointAuth.method none goes with no clientSecret")
	case method != "none" && method != "" && !secret:
		return nil, errors.New("vercel's tokenEndpointAuth.method " + method + " needs a clientSecret")
	case method == "client_secret_basic":
		s.auth = oauth.BasicSecret
	}
	p := s.provider(o, d)
	p.Refresh = nil
	p.Subject = subject("sub")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		name := given(its("name"), its("preferred_username"), "")
		return person(name, its("email"), its("picture"), given(its("email_verified"), false)), nil
	})
	return p, nil
}
