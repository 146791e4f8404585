package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// kick gives a list of users, of whom the first is meant.
func kick(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "kick", name: "Kick",
		authorize: "https://id.kick.com/oauth/authorize", token: "https://id.kick.com/oauth/token",
		userInfo: "https://api.kick.com/public/v1/users",
		scopes:   []string{"user:read"},
	}
	p := s.provider(o, d)
	p.Subject = subject("user_id")
	p.UserInfo = s.userWithin(&o, d, func(answer api.Object) (api.Object, api.Object, error) {
		profile, err := object(oauth.At(answer, "data.0"))
		if err != nil {
			return nil, nil, err
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		return profile, person(its("name"), its("email"), its("profile_picture"), false), nil
	})
	return p, nil
}
