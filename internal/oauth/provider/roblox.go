package provider

import (
	"cmp"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// roblox tells no address, and asks the user each time unless told otherwise.
func roblox(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "roblox", name: "Roblox",
		authorize: "https://apis.roblox.com/oauth/v1/authorize", token: "https://apis.roblox.com/oauth/v1/token",
		userInfo: "https://apis.roblox.com/oauth/v1/userinfo",
		scopes:   []string{"openid", "profile"}, plain: true,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Prompt = cmp.Or(o.Prompt, "select_account consent")
		return r.URL()
	}
	p.Subject = subject("sub")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		email, err := orPlaceholder(nil, its("sub"), "roblox")
		return api.Object{
			{Key: "name", Value: or(its("nickname"), its("preferred_username"), "")},
			{Key: "image", Value: its("picture")},
			{Key: "email", Value: email},
			{Key: "emailVerified", Value: false},
		}, err
	})
	return p, nil
}
