package provider

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// gitlab may be a server of one's own, and has users who may not sign in.
func gitlab(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	base := cmp.Or(o.Issuer, "https://gitlab.com")
	s := standard{
		id: "gitlab", name: "Gitlab",
		authorize: singleSlashes(base + "/oauth/authorize"), token: singleSlashes(base + "/oauth/token"),
		userInfo: singleSlashes(base + "/api/v4/user"),
		scopes:   []string{"read_user"}, hint: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		if its("state") != "active" || oauth.Truthy(its("locked")) {
			return nil, fmt.Errorf("the user may not sign in at GitLab: %w", oauth.ErrNoUser)
		}
		name := given(its("name"), its("username"), "")
		return person(name, its("email"), its("avatar_url"), given(its("email_verified"), false)), nil
	})
	return p, nil
}

var manySlashes = regexp.MustCompile(`/{2,}`)

// singleSlashes joins slashes that follow each other, but those after a scheme.
func singleSlashes(address string) string {
	parts := strings.Split(address, "://")
	for i := range parts {
		parts[i] = manySlashes.ReplaceAllString(parts[i], "/")
	}
	return strings.Join(parts, "://")
}
