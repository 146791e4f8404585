package provider

import (
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
	if err := s.authenticate(&o, oauth.BodySecret); err != nil {
		return nil, err
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
