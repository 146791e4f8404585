package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func railway(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "railway", name: "Railway",
		authorize: "https://backboard.railway.com/oauth/auth", token: "https://backboard.railway.com/oauth/token",
		userInfo: "https://backboard.railway.com/oauth/me",
		scopes:   []string{"openid", "email", "profile"}, auth: oauth.BasicSecret,
	}
	p := s.provider(o, d)
	p.Subject = subject("sub")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return person(its("name"), its("email"), its("picture"), false), nil
	})
	return p, nil
}
