package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// cloudflare asks for no scope twice, takes no further parameters, and wraps the
// profile in an envelope.
func cloudflare(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "cloudflare", name: "Cloudflare",
		authorize: "https://dash.cloudflare.com/oauth2/auth", token: "https://dash.cloudflare.com/oauth2/token",
		scopes: []string{"user-details.read"},
	}
	if err := s.authenticate(&o, oauth.BasicSecret); err != nil {
		return nil, err
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) { r.Scopes, r.Extra = distinct(r.Scopes), nil })
	p.Subject = subject("id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		answer, err := getObject(ctx, d, "https://api.cloudflare.com/client/v4/user", t.Access, nil)
		if err != nil {
			return nil, err
		}
		profile, ok := oauth.Member(answer, "result").(api.Object)
		if !ok || !oauth.Truthy(oauth.Member(answer, "success")) {
			return nil, fmt.Errorf("cloudflare has no profile: %w", oauth.ErrNoUser)
		}
		email := oauth.Member(profile, "email")
		return o.UserInfo(profile, api.Object{
			{Key: "name", Value: or(cloudflareName(profile), email)},
			{Key: "email", Value: email},
			{Key: "emailVerified", Value: false},
		}), nil
	}
	return p, nil
}

func cloudflareName(profile api.Object) string {
	var names []string
	for _, key := range []string{"first_name", "last_name"} {
		if name := oauth.Member(profile, key); oauth.Truthy(name) {
			names = append(names, spelled(name))
		}
	}
	return strings.Join(names, " ")
}

// distinct leaves out what has been there before.
func distinct(all []string) []string {
	var out []string
	for _, one := range all {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}
