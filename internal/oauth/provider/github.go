package provider

import (
	"context"
	"errors"
	"fmt"
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
		scopes: []string{"read:user", "user:email"}, prompt: true, hint: true,
	}
	p := s.provider(o, d)
	exchange := p.Exchange
	p.Exchange = func(ctx context.Context, c oauth.Code) (*oauth.Tokens, error) {
		t, err := exchange(ctx, c)
		if err != nil {
			return nil, err
		}
		if _, failed := t.Raw.Get("error"); failed || t.Raw == nil {
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
		profile, verified, err := githubAddress(profile, addresses)
		if err != nil {
			return nil, err
		}
		name := or(oauth.Member(profile, "name"), oauth.Member(profile, "login"), "")
		return o.UserInfo(profile, person(name, oauth.Member(profile, "email"), oauth.Member(profile, "avatar_url"), verified)), nil
	}
	return p, nil
}

// githubAddress fills in the address of a profile that hides it: the primary one,
// else the first; and tells whether GitHub has verified it.
func githubAddress(profile api.Object, addresses any) (api.Object, any, error) {
	if addresses == nil {
		return profile, false, nil
	}
	list, ok := addresses.([]any)
	if !ok {
		return nil, nil, fmt.Errorf("the addresses are no list: %w", oauth.ErrNoUser)
	}
	if !oauth.Truthy(oauth.Member(profile, "email")) {
		chosen, err := first(list, func(entry api.Object) bool { return oauth.Truthy(oauth.Member(entry, "primary")) })
		if chosen == nil && len(list) > 0 {
			chosen, _ = object(list[0])
		}
		if err != nil {
			return nil, nil, err
		}
		profile = set(profile, "email", oauth.Member(chosen, "email"))
	}
	wanted := oauth.Member(profile, "email")
	its, err := first(list, func(entry api.Object) bool { return same(oauth.Member(entry, "email"), wanted) })
	return profile, given(oauth.Member(its, "verified"), false), err
}

// first gives the first entry of a list of objects that is wanted.
func first(list []any, wanted func(api.Object) bool) (api.Object, error) {
	for _, one := range list {
		entry, err := object(one)
		if err != nil {
			return nil, err
		}
		if wanted(entry) {
			return entry, nil
		}
	}
	return nil, nil
}
