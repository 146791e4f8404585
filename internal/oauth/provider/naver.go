package provider

import (
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// naver wraps the profile in an envelope with a code of success.
func naver(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "naver", name: "Naver",
		authorize: "https://nid.naver.com/oauth2.0/authorize", token: "https://nid.naver.com/oauth2.0/token",
		userInfo: "https://openapi.naver.com/v1/nid/me",
		scopes:   []string{"profile", "email"}, plain: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("response.id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		if text(profile, "resultcode") != "00" {
			return nil, fmt.Errorf("naver has no profile: %w", oauth.ErrNoUser)
		}
		its := func(key string) any { return oauth.At(profile, "response."+key) }
		return person(or(its("name"), its("nickname"), ""), its("email"), its("profile_image"), false), nil
	})
	return p, nil
}
