package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// slack has claims whose names are addresses, and asks for the scopes of a request
// before those of the options.
func slack(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "slack", name: "Slack",
		authorize: "https://slack.com/openid/connect/authorize", token: "https://slack.com/api/openid.connect.token",
		userInfo: "https://slack.com/api/openid.connect.userInfo",
		scopes:   []string{"openid", "profile", "email"}, plain: true,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Scopes = append(s.wanted(&oauth.Options{DisableDefaultScope: o.DisableDefaultScope}, a.Scopes), o.Scope...)
		return r.URL()
	}
	p.Subject = func(_ *oauth.Tokens, profile api.Object) any {
		return oauth.Member(profile, "https://slack.com/user_id")
	}
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return api.Object{
			{Key: "name", Value: or(its("name"), "")},
			{Key: "email", Value: its("email")},
			{Key: "emailVerified", Value: its("email_verified")},
			{Key: "image", Value: or(its("picture"), its("https://slack.com/user_image_512"))},
		}, nil
	})
	return p, nil
}
