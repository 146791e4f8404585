package genericoauth

import (
	"cmp"
	"context"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// provider is one provider whose addresses are known.
type provider struct {
	*Provider
	preset *preset
	client *client
	tokens *oauth.TokenEndpoint
	// openID tells that it speaks OpenID Connect.
	openID bool
	// idTokens says which ID tokens are good; nil where nobody can know.
	idTokens                            *oauth.IDTokenCheck
	authorization, userInfo, endSession string
}

// newProvider joins options and document; an empty document is that of a provider
// without discovery.
func (g *GenericOAuth) newProvider(o *Provider, d *document) *oauth.Provider {
	p := &provider{
		Provider: o, preset: presets[o.Preset], client: g.client, openID: len(d.algorithms) > 0,
		authorization: cmp.Or(o.AuthorizationURL, d.authorization),
		userInfo:      cmp.Or(o.UserInfoURL, d.userInfo),
		endSession:    cmp.Or(o.EndSession, d.endSession),
	}
	p.tokens = g.tokenEndpoint(o, cmp.Or(o.TokenURL, d.token))
	if d.issuer != "" && d.keys != "" {
		p.idTokens = g.idTokenCheck(o, d)
	}
	made := &oauth.Provider{
		ID: o.ProviderID, Name: cmp.Or(o.Name, o.ProviderID), Options: o.common(),
		Authorize: p.authorize, Exchange: p.exchange, Refresh: p.refresh,
		UserInfo: p.user, Subject: p.subject,
		Issuer:       cmp.Or(d.issuer, o.pinnedIssuer()),
		BindsNonce:   p.idTokens != nil && !o.DisableIDTokenNonceBinding,
		IdPInitiated: o.AllowIdPInitiated,
		EndSession:   p.logout(g.auth.BaseURL),
		IDTokenUser:  p.userOfIDToken,
	}
	if p.idTokens != nil {
		made.CheckIDToken = func(ctx context.Context, token, nonce string) error {
			_, err := p.idTokens.Verify(ctx, token, nonce)
			return err
		}
	}
	return made
}

// common are the options that the flow itself follows.
func (p *Provider) common() oauth.Options {
	return oauth.Options{
		ClientID: config.One(p.ClientID), ClientSecret: p.ClientSecret, RedirectURI: p.RedirectURI,
		MapProfileToUser: p.MapProfileToUser,
		DisableSignUp:    p.DisableSignUp, DisableImplicitSignUp: p.DisableImplicitSignUp,
		OverrideUserInfo: p.OverrideUserInfo, RequireEmailVerified: p.RequireEmailVerification,
	}
}

func (g *GenericOAuth) tokenEndpoint(o *Provider, address string) *oauth.TokenEndpoint {
	e := &oauth.TokenEndpoint{
		Client: g.client.outbound, URL: address, Header: headers(o.AuthorizationHeaders), Now: g.auth.Now,
		ClientID: o.ClientID, ClientSecret: o.ClientSecret.Reveal(),
	}
	method := o.TokenEndpointAuth.Method
	switch {
	case method == privateKey:
		// The key was read when the options were checked.
		if a, err := newAssertions(o); err == nil {
			e.Auth, e.Prove = oauth.OwnWay, a.prove(address, g.auth.Now, g.auth.Rand)
		}
	case method == secretBasic, method == "" && o.Authentication == "basic":
		e.Auth = oauth.BasicSecret
	}
	return e
}

func (g *GenericOAuth) idTokenCheck(o *Provider, d *document) *oauth.IDTokenCheck {
	keys := &oauth.Keys{Client: g.client.outbound, URL: d.keys, Now: g.auth.Now}
	if sameOrigin(d.keys, o.DiscoveryURL) {
		keys.Header = headers(o.DiscoveryHeaders)
	}
	return &oauth.IDTokenCheck{
		Keys: keys, Algorithms: d.idTokenAlgorithms(), Issuers: []string{d.issuer}, Audience: []string{o.ClientID}, Now: g.auth.Now,
	}
}

func (p *provider) authorize(a oauth.Authorization) (string, error) {
	r := oauth.Request{
		Endpoint: p.authorization, ResponseType: p.ResponseType, ClientID: p.ClientID, State: a.State,
		RedirectURI: cmp.Or(p.RedirectURI, a.RedirectURI), Scopes: append(slices.Clone(a.Scopes), p.Scopes...),
		LoginHint: a.LoginHint, Nonce: a.Nonce, Prompt: p.Prompt, AccessType: p.AccessType, ResponseMode: p.ResponseMode,
	}
	if p.openID && !slices.Contains(r.Scopes, "openid") {
		r.Scopes = slices.Insert(r.Scopes, 0, "openid")
	}
	if *p.PKCE {
		r.Verifier = a.Verifier
	}
	r.Extra = append(params(p.AuthorizationURLParams), a.Extra...)
	return r.URL()
}

func (p *provider) exchange(ctx context.Context, c oauth.Code) (*oauth.Tokens, error) {
	c.RedirectURI, c.DeviceID = cmp.Or(p.RedirectURI, c.RedirectURI), ""
	if !*p.PKCE {
		c.Verifier = ""
	}
	t, err := p.tokens.Exchange(ctx, c, params(p.TokenURLParams)...)
	return p.dated(t), err
}

func (p *provider) refresh(ctx context.Context, token string) (*oauth.Tokens, error) {
	t, err := p.tokens.Refresh(ctx, token, params(p.RefreshTokenParams)...)
	return p.dated(t), err
}

// dated gives an access token an end where the provider has named none.
func (p *provider) dated(t *oauth.Tokens) *oauth.Tokens {
	if t != nil && t.AccessExpiresAt.IsZero() && p.AccessTokenExpiresIn > 0 {
		t.AccessExpiresAt = p.tokens.Now().Add(p.AccessTokenExpiresIn.Std())
	}
	return t
}

// subject gives the lasting id of a user. With OpenID Connect that is sub, else
// id: never now one and now the other.
func (p *provider) subject(t *oauth.Tokens, profile api.Object) any {
	switch {
	case p.AccountSubject != "":
		return oauth.At(profile, p.AccountSubject)
	case !p.openID:
		return oauth.Member(profile, "id")
	case p.idTokens != nil && t.ID != "":
		claims, _ := oauth.DecodeJWT(t.ID)
		return oauth.Member(claims, "sub")
	}
	return oauth.Member(profile, "sub")
}
