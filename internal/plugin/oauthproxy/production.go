package oauthproxy

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// arrival is a browser that a provider has sent to the production server, with the
// parcel of another server.
type arrival struct {
	call  *api.Call
	state string // of the flow
	// What the other server has stored of the flow.
	callback                      *url.URL
	verifier, nonce               string
	newUserURL, errorURL          string
	requestSignUp, otherState     bool
	code, failure, user, iss, dev string
}

// passOn trades the code of a callback whose state is a parcel, and sends what it
// has learnt to the server that has made it. It writes nothing down. Every other
// callback goes its way.
func (p *Proxy) passOn(ctx context.Context, c *api.Call) error {
	a, ok := p.read(c)
	if !ok {
		return nil
	}
	switch {
	case a.otherState:
		return p.refuse(a, codeState)
	case a.failure != "":
		return p.refuse(a, a.failure)
	case a.code == "":
		return p.refuse(a, codeNoCode)
	}
	provider := p.social.Provider(c.Request.PathValue("id"))
	if provider == nil {
		return p.refuse(a, codeNoProvider)
	}
	id, code := p.social.Exchange(ctx, c, provider, social.Callback{
		Code: a.code, Verifier: a.verifier, Nonce: a.nonce, Issuer: a.iss, DeviceID: a.dev, User: a.user,
	})
	switch {
	case code != "":
		return p.refuse(a, code)
	case id.Email() == "":
		return p.refuse(a, codeNoEmail)
	}
	return p.send(a, provider, id)
}

// read opens the parcel of a callback. It is false where there is none.
func (p *Proxy) read(c *api.Call) (*arrival, bool) {
	given := map[string]string{}
	for _, name := range []string{"state", "code", "error", "user", "iss", "device_id"} {
		v := c.QueryField(name)
		if v == nil {
			v = c.BodyField(name)
		}
		text, ok := v.(string)
		if !ok && v != nil {
			return nil, false
		}
		given[name] = text
	}
	if given["state"] == "" {
		return nil, false
	}
	flow, err := p.keys.open(given["state"])
	if err != nil {
		return nil, false
	}
	a := &arrival{
		call: c, state: flow.state, code: given["code"], failure: given["error"],
		user: given["user"], iss: given["iss"], dev: given["device_id"],
	}
	return a, a.unpack(flow)
}

// unpack reads what the other server has stored.
func (a *arrival) unpack(flow parcel) bool {
	stored, err := oauth.ParseObject([]byte(flow.text))
	if err != nil {
		return false
	}
	r := &reader{of: stored}
	a.verifier, a.nonce = r.needed("codeVerifier"), r.text("idTokenNonce")
	a.newUserURL, a.errorURL, a.requestSignUp = r.text("newUserURL"), r.text("errorURL"), r.flag("requestSignUp")
	own, named := stored.Get("oauthState")
	a.otherState = named && own != flow.state
	a.callback, err = webAddress(r.needed("callbackURL"))
	return err == nil && r.err == nil
}

// refuse sends the browser to the error page of the flow. The address was checked
// by the server that has the flow, and this one knows it by the secret.
func (p *Proxy) refuse(a *arrival, code string) error {
	page := p.social.ErrorPage()
	if safe, ok := origin.Rebuild(a.errorURL); ok && a.errorURL != "" {
		page = safe
	}
	to, err := origin.AppendQuery(page, origin.Pair{Name: "error", Value: code})
	if err != nil {
		to = "/"
	}
	return api.Instead(api.Redirect(to))
}

// send sends the browser on to the other server with a payload.
func (p *Proxy) send(a *arrival, provider *oauth.Provider, id *social.Identity) error {
	its := func(key string) string { v, _ := id.Info.User.Get(key); text, _ := v.(string); return text }
	t := id.Tokens
	text, err := (&payload{
		user: userInfo{
			id: id.AccountID, email: id.Info.Email(), name: its("name"), image: its("image"), verified: id.Info.EmailVerified(),
		},
		profile: id.Info.Profile, scopes: t.Scopes,
		account: account{
			provider: id.ProviderID, id: id.AccountID, access: t.Access, refresh: t.Refresh, idToken: t.ID,
			accessExpiresAt: t.AccessExpiresAt, refreshExpiresAt: t.RefreshExpiresAt,
		},
		state: a.state, callbackURL: cmp.Or(param(a.callback, "callbackURL"), a.callback.String()),
		newUserURL: a.newUserURL, errorURL: a.errorURL,
		disableSignUp: provider.Options.DisableImplicitSignUp && !a.requestSignUp || provider.Options.DisableSignUp,
		at:            p.auth.Time().UnixMilli(),
	}).encode()
	if err != nil {
		return err
	}
	sealed, err := p.keys.profile.Encrypt(text, p.auth.Rand)
	if err != nil {
		return err
	}
	return api.Instead(api.Redirect(setParam(a.callback, "profile", sealed)))
}

// unwrap sends a browser straight to where its flow is to end, where a callback of
// this server would send it to this server's own completion.
func (p *Proxy) unwrap(_ context.Context, c *api.Call) error {
	to := c.Location()
	if c.Err != nil || !strings.Contains(to, "/oauth-proxy?callbackURL") && !strings.Contains(to, "/oauth-proxy-callback?callbackURL") {
		return nil
	}
	address, err := webAddress(to)
	if err != nil || address.Scheme+"://"+address.Host != cmp.Or(p.production, p.auth.Origin) {
		return nil
	}
	if target := param(address, "callbackURL"); target != "" {
		c.SetLocation(p.auth.RedirectTarget(target))
	}
	return nil
}
