package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func polar(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "polar", name: "Polar",
		authorize: "https://polar.sh/oauth2/authorize", token: "https://api.polar.sh/v1/oauth2/token",
		userInfo: "https://api.polar.sh/v1/oauth2/userinfo",
		scopes:   []string{"openid", "profile", "email"}, prompt: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		name := or(its("public_name"), its("username"), "")
		return person(name, its("email"), its("avatar_url"), given(its("email_verified"), false)), nil
	})
	return p, nil
}
