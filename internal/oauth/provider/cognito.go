package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// cognito is a pool of users at Amazon, under a domain of its own.
func cognito(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	if o.Domain == "" || o.Region == "" || o.UserPoolID == "" {
		return nil, errors.New("cognito needs domain, region and userPoolId")
	}
	at := "https://" + strings.TrimPrefix(strings.TrimPrefix(o.Domain, "https://"), "http://")
	s := standard{
		id: "cognito", name: "Cognito",
		authorize: at + "/oauth2/authorize", token: at + "/oauth2/token", userInfo: at + "/oauth2/userinfo",
		scopes: []string{"openid", "profile", "email"}, prompt: true, secret: o.RequireClientSecret,
	}
	p := s.provider(o, d)
	begin := s.authorization(&o, func(r *oauth.Request) {
		r.Extra = before(oauth.Param{Name: "identity_provider", Value: o.IdentityProvider}, r.Extra)
	})
	p.Authorize = func(a oauth.Authorization) (string, error) {
		address, err := begin(a)
		if err != nil {
			return "", err
		}
		return scopeAtEnd(address)
	}
	p.Subject = subject("sub")
	pool := fmt.Sprintf("https://cognito-idp.%s.amazonaws.com/%s", o.Region, o.UserPoolID)
	good := check(&o, d, pool+"/.well-known/jwks.json", pool)
	good.Keys.Named = true
	accept(p, good)
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		if profile, err := decoded(t); err == nil {
			name := cognitoName(profile)
			profile = profile.Set("name", name)
			its := func(key string) any { return oauth.Member(profile, key) }
			return o.UserInfo(profile, person(name, its("email"), its("picture"), its("email_verified"))), nil
		}
		profile, err := getObject(ctx, d, s.userInfo, t.Access, nil)
		if err != nil {
			return nil, err
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		verified := given(yesOrNo(its("email_verified")), false)
		return o.UserInfo(profile, person(cognitoName(profile), its("email"), its("picture"), verified)), nil
	}
	return p, nil
}

func cognitoName(profile api.Object) any {
	its := func(key string) any { return oauth.Member(profile, key) }
	return or(its("name"), its("given_name"), its("username"), "")
}

// scopeAtEnd writes the scopes with %20 between them, at the end of the address:
// Cognito takes no plus for a space.
func scopeAtEnd(address string) (string, error) {
	at, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	var kept oauth.Form
	scope := ""
	for pair := range strings.SplitSeq(at.RawQuery, "&") {
		p := oauth.ParsePair(pair)
		switch {
		case p.Name == "scope" && scope == "":
			scope = p.Value
		case p.Name != "scope" && pair != "":
			kept = append(kept, p)
		}
	}
	if scope == "" {
		return address, nil
	}
	fragment := at.EscapedFragment()
	at.RawQuery, at.Fragment, at.RawFragment = kept.String(), "", ""
	end := "&scope=" + api.EncodeURIComponent(scope)
	if fragment != "" {
		end = "#" + fragment + end
	}
	return at.String() + end, nil
}
