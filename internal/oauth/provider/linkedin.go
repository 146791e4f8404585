package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func linkedin(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "linkedin", name: "Linkedin",
		authorize: "https://www.linkedin.com/oauth/v2/authorization", token: "https://www.linkedin.com/oauth/v2/accessToken",
		userInfo: "https://api.linkedin.com/v2/userinfo",
		scopes:   []string{"profile", "email", "openid"}, hint: true, plain: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("sub")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return api.Object{
			{Key: "name", Value: its("name")},
			{Key: "email", Value: its("email")},
			{Key: "emailVerified", Value: given(its("email_verified"), false)},
			{Key: "image", Value: its("picture")},
		}, nil
	})
	return p, nil
}
