package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// zoom asks for no scopes: they are those of the application.
func zoom(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "zoom", name: "Zoom",
		authorize: "https://zoom.us/oauth/authorize", token: "https://zoom.us/oauth/token",
		userInfo: "https://api.zoom.us/v2/users/me",
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Scopes = nil
		if o.PKCE != nil && !*o.PKCE {
			r.Verifier = ""
		}
		return r.URL()
	}
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return api.Object{
			{Key: "name", Value: its("display_name")},
			{Key: "image", Value: its("pic_url")},
			{Key: "email", Value: its("email")},
			{Key: "emailVerified", Value: oauth.Truthy(its("verified"))},
		}, nil
	})
	return p, nil
}
