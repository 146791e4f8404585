package provider

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// github tells of an error of the token endpoint in an answer of 200, and keeps
// the addresses of a user apart from the profile.
func github(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "github", name: "GitHub",
		authorize: "https://github.com/login/oauth/authorize", token: "https://github.com/login/oauth/access_token",
		scopes: []string{"read:user", "user:email"},
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.LoginHint, r.Prompt = a.LoginHint, o.Prompt
		return r.URL()
	}
	exchange := p.Exchange
	p.Exchange = func(ctx context.Context, c oauth.Code) (*oauth.Tokens, error) {
		t, err := exchange(ctx, c)
		if err != nil {
			return nil, err
		}
		if _, failed := t.Raw.Get("error"); failed {
			return nil, errors.New("GitHub refused the code: " + text(t.Raw, "error"))
		}
		return t, nil
	}
	p.Subject = subject("id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		header := http.Header{"User-Agent": {"better-auth"}}
		profile, err := getObject(ctx, d, "https://api.github.com/user", t.Access, header)
		if err != nil {
			return nil, err
		}
		// The profile is good without its addresses.
		addresses, _ := get(ctx, d, "https://api.github.com/user/emails", t.Access, header)
		profile, verified := githubAddress(profile, addresses)
		return o.UserInfo(profile, api.Object{
			{Key: "name", Value: cmp.Or(text(profile, "name"), text(profile, "login"))},
			{Key: "email", Value: oauth.Member(profile, "email")},
			{Key: "image", Value: oauth.Member(profile, "avatar_url")},
			{Key: "emailVerified", Value: verified},
		}), nil
	}
	return p, nil
}

// githubAddress fills in the address of a profile that hides it: the primary one,
// else the first; and tells whether GitHub has verified it.
func githubAddress(profile api.Object, addresses any) (api.Object, any) {
	list, _ := addresses.([]any)
	var first, primary api.Object
	for _, one := range list {
		entry, _ := one.(api.Object)
		if first == nil {
			first = entry
		}
		if is, _ := entry.Get("primary"); primary == nil && is == true {
			primary = entry
		}
	}
	if primary == nil {
		primary = first
	}
	if text(profile, "email") == "" && primary != nil {
		profile = profile.Set("email", oauth.Member(primary, "email"))
	}
	for _, one := range list {
		entry, _ := one.(api.Object)
		if address := text(entry, "email"); address != "" && address == text(profile, "email") {
			verified, _ := entry.Get("verified")
			return profile, verified
		}
	}
	return profile, false
}
