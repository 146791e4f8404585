package provider

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// tiktok has a key in the place of an id, commas between scopes, and tells no
// address.
func tiktok(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "tiktok", name: "TikTok",
		token: "https://open.tiktokapis.com/v2/oauth/token/",
		// The commas are encoded, as the original's are.
		userInfo: "https://open.tiktokapis.com/v2/user/info/?fields=open_id%2Cavatar_large_url%2Cdisplay_name%2Cusername",
		scopes:   []string{"user.info.profile"}, auth: oauth.OwnWay,
		prove: func(_ context.Context, f *oauth.Form, _ http.Header) error {
			f.Set("client_key", o.ClientKey)
			f.Set("client_secret", o.ClientSecret.Reveal())
			return nil
		},
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		f := oauth.Form{
			{Name: "scope", Value: strings.Join(s.wanted(&o, a.Scopes), ",")},
			{Name: "response_type", Value: "code"},
			{Name: "client_key", Value: o.ClientKey},
			{Name: "redirect_uri", Value: redirect(&o, a.RedirectURI)},
			{Name: "state", Value: a.State},
		}
		return "https://www.tiktok.com/v2/auth/authorize?" + withExtra(f, a.Extra, "client_key").String(), nil
	}
	p.Subject = subject("data.user.open_id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		user, err := object(oauth.At(profile, "data.user"))
		if err != nil {
			return nil, err
		}
		its := func(key string) any { return oauth.Member(user, key) }
		email, err := orPlaceholder(its("email"), its("open_id"), "tiktok")
		return api.Object{
			{Key: "email", Value: email},
			{Key: "name", Value: or(its("display_name"), its("username"), "")},
			{Key: "image", Value: its("avatar_large_url")},
			{Key: "emailVerified", Value: false},
		}, err
	})
	return p, nil
}

// withExtra adds further parameters, but for those that only the flow sets, and
// own, which is the provider's name for the client.
func withExtra(f oauth.Form, extra []oauth.Param, own string) oauth.Form {
	for _, p := range extra {
		if p.Name != own && !slices.Contains(oauth.Reserved, p.Name) {
			f.Set(p.Name, p.Value)
		}
	}
	return f
}
