package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func spotify(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "spotify", name: "Spotify",
		authorize: "https://accounts.spotify.com/authorize", token: "https://accounts.spotify.com/api/token",
		userInfo: "https://api.spotify.com/v1/me",
		scopes:   []string{"user-read-email"},
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(path string) any { return oauth.At(profile, path) }
		if _, err := object(its("images")); err != nil {
			return nil, err
		}
		return person(its("display_name"), its("email"), its("images.0.url"), false), nil
	})
	return p, nil
}
