package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func figma(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "figma", name: "Figma",
		authorize: "https://www.figma.com/oauth", token: "https://api.figma.com/v1/oauth/token",
		userInfo: "https://api.figma.com/v1/me",
		scopes:   []string{"current_user:read"}, auth: oauth.BasicSecret, secret: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return person(its("handle"), its("email"), its("img_url"), false), nil
	})
	return p, nil
}
