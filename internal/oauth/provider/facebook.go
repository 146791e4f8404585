package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// facebook gives ID tokens to applications on phones only, and access tokens that
// work for every application, so that it has to be asked for which one is meant.
func facebook(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "facebook", name: "Facebook",
		authorize: "https://www.facebook.com/v24.0/dialog/oauth", token: "https://graph.facebook.com/v24.0/oauth/access_token",
		scopes: []string{"email", "public_profile"}, hint: true, plain: true, secret: true,
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) {
		r.Extra = before(oauth.Param{Name: "config_id", Value: o.ConfigID}, r.Extra)
	})
	p.Subject = func(_ *oauth.Tokens, profile api.Object) any {
		if sub, ok := profile.Get("sub"); ok {
			return sub
		}
		return oauth.Member(profile, "id")
	}
	good := check(&o, d, "https://limited.facebook.com/.well-known/oauth/openid/jwks/", "https://www.facebook.com")
	good.MaxAge = 0
	good.Keys.Header = http.Header{"Accept": {"application/json, application/jwk-set+json"}}
	accept(p, good)
	if signed := p.CheckIDToken; signed != nil {
		p.CheckIDToken = func(ctx context.Context, token, nonce string) error {
			if !isJWT(token) {
				return nil // the access token beside it is checked in its place
			}
			return signed(ctx, token, nonce)
		}
	}
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		if isJWT(t.ID) {
			return facebookLimited(&o, t)
		}
		return facebookUser(ctx, &o, d, t)
	}
	return p, nil
}

func isJWT(token string) bool { return strings.Count(token, ".") == 2 }

// facebookLimited reads an ID token, which tells less than the profile.
func facebookLimited(o *oauth.Options, t *oauth.Tokens) (*oauth.UserInfo, error) {
	profile, err := decoded(t)
	if err != nil {
		return nil, err
	}
	its := func(key string) any { return oauth.Member(profile, key) }
	return o.UserInfo(profile, person(its("name"), its("email"), its("picture"), false)), nil
}

func facebookUser(ctx context.Context, o *oauth.Options, d Deps, t *oauth.Tokens) (*oauth.UserInfo, error) {
	id, err := facebookOwner(ctx, o, d, t.Access)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, oauth.ErrNoUser)
	}
	fields := append([]string{"id", "name", "email", "picture"}, o.Fields...)
	profile, err := getObject(ctx, d, "https://graph.facebook.com/me?fields="+oauth.FormEncode(strings.Join(fields, ",")), t.Access, nil)
	if err != nil {
		return nil, err
	}
	its := func(path string) any { return oauth.At(profile, path) }
	if !same(its("id"), id) {
		return nil, fmt.Errorf("the profile is another user's than the token: %w", oauth.ErrNoUser)
	}
	if _, err := object(its("picture.data")); err != nil {
		return nil, err
	}
	return o.UserInfo(profile, person(its("name"), its("email"), its("picture.data.url"), given(its("email_verified"), false))), nil
}

// errFacebook says that an access token is not this application's.
var errFacebook = errors.New("facebook does not vouch for the access token")

// facebookOwner asks whether an access token is for this application, and whose
// it is: /me answers to the tokens of every application.
func facebookOwner(ctx context.Context, o *oauth.Options, d Deps, token string) (any, error) {
	if token == "" || client(o) == "" || o.ClientSecret.Reveal() == "" {
		return nil, errFacebook
	}
	address := "https://graph.facebook.com/debug_token?input_token=" + api.EncodeURIComponent(token) +
		"&access_token=" + api.EncodeURIComponent(client(o)+"|"+o.ClientSecret.Reveal())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := d.Client.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	about, _ := oauth.ParseObject(answer.Body)
	its := func(key string) any { return oauth.At(about, "data."+key) }
	app, _ := its("app_id").(string)
	if !answer.OK() || its("is_valid") != true || app == "" || !slices.Contains(o.ClientID.Values, app) || !oauth.Truthy(its("user_id")) {
		return nil, errFacebook
	}
	return its("user_id"), nil
}
