package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// twitch has in its ID token only the claims that are asked for by name.
func twitch(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "twitch", name: "Twitch",
		authorize: "https://id.twitch.tv/oauth2/authorize", token: "https://id.twitch.tv/oauth2/token",
		scopes: []string{"user:read:email", "openid"}, plain: true,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Claims = o.Claims
		if r.Claims == nil {
			r.Claims = []string{"email", "email_verified", "preferred_username", "picture"}
		}
		return r.URL()
	}
	p.Subject = subject("sub")
	p.UserInfo = claims(&o, func(profile api.Object) api.Object {
		its := func(key string) any { return oauth.Member(profile, key) }
		return person(its("preferred_username"), its("email"), its("picture"), its("email_verified"))
	})
	return p, nil
}
