package provider

import (
	"context"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// notion answers with a bot, whose owner is the user, and wants its version named.
func notion(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "notion", name: "Notion",
		authorize: "https://api.notion.com/v1/oauth/authorize", token: "https://api.notion.com/v1/oauth/token",
		hint: true, plain: true, auth: oauth.BasicSecret,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Extra = withParam(r.Extra, "owner", "user")
		return r.URL()
	}
	// A refresh token is sent with the secret in the body.
	refresh := s.endpoint(&o, d)
	refresh.Auth = oauth.BodySecret
	p.Refresh = func(ctx context.Context, token string) (*oauth.Tokens, error) { return refresh.Refresh(ctx, token) }
	p.Subject = subject("id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		header := http.Header{"Notion-Version": {"2022-06-28"}}
		bot, err := getObject(ctx, d, "https://api.notion.com/v1/users/me", t.Access, header)
		if err != nil {
			return nil, err
		}
		profile, err := object(or(oauth.At(bot, "bot.owner.user"), nil))
		if err != nil {
			return nil, err
		}
		its := func(path string) any { return oauth.At(profile, path) }
		return o.UserInfo(profile, person(or(its("name"), ""), or(its("person.email"), nil), its("avatar_url"), false)), nil
	}
	return p, nil
}
