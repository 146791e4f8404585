package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// atlassian wants to know for which of its services a token is.
func atlassian(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "atlassian", name: "Atlassian",
		authorize: "https://auth.atlassian.com/authorize", token: "https://auth.atlassian.com/oauth/token",
		userInfo: "https://api.atlassian.com/me",
		scopes:   []string{"read:jira-user", "offline_access"}, prompt: true, secret: true,
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) { r.Extra = withParam(r.Extra, "audience", "api.atlassian.com") })
	p.Subject = subject("account_id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		return person(its("name"), its("email"), its("picture"), false), nil
	})
	return p, nil
}
