package provider

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// line signs ID tokens with the application's secret, and checks them itself for
// whoever asks.
func line(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "line", name: "LINE",
		authorize: "https://access.line.me/oauth2/v2.1/authorize", token: "https://api.line.me/oauth2/v2.1/token",
		userInfo: "https://api.line.me/oauth2/v2.1/userinfo",
		scopes:   []string{"openid", "profile", "email"}, hint: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("sub")
	if !o.DisableIDTokenSignIn {
		p.CheckIDToken = func(ctx context.Context, token, nonce string) error {
			return lineCheck(ctx, d, client(&o), token, nonce)
		}
	}
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		profile, err := decoded(t)
		if err != nil {
			if profile, err = getObject(ctx, d, s.userInfo, t.Access, nil); err != nil {
				return nil, err
			}
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		return o.UserInfo(profile, person(or(its("name"), ""), its("email"), its("picture"), false)), nil
	}
	return p, nil
}

// errLine says that LINE does not vouch for an ID token.
var errLine = errors.New("LINE does not vouch for the ID token")

// lineCheck has LINE check a token, and looks whether it answers about the same
// application and the same nonce.
func lineCheck(ctx context.Context, d Deps, id, token, nonce string) error {
	form := oauth.Form{{Name: "id_token", Value: token}, {Name: "client_id", Value: id}}
	if nonce != "" {
		form.Set("nonce", nonce)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.line.me/oauth2/v2.1/verify", strings.NewReader(form.String()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := d.Client.Do(ctx, r)
	if err != nil {
		return err
	}
	v, err := oauth.ParseValue(answer.Body)
	its, ok := v.(api.Object)
	if err != nil || !ok || !answer.OK() || id == "" || oauth.Member(its, "aud") != id {
		return errLine
	}
	if said := oauth.Member(its, "nonce"); oauth.Truthy(said) && said != nonce {
		return errLine
	}
	return nil
}
