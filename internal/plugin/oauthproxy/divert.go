package oauthproxy

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// skipHeader lets a flow go without the proxy, whatever its value.
const skipHeader = "X-Skip-Oauth-Proxy"

// asked is the origin that a request was sent to, as far as one can tell behind
// other people's proxies: its host, with the scheme of the base URL.
func (p *Proxy) asked(c *api.Call) string {
	own, err := url.Parse(p.auth.BaseURL)
	if err != nil || c.Request.Host == "" {
		return p.auth.Origin
	}
	return own.Scheme + "://" + auth.CanonicalHost(&url.URL{Scheme: own.Scheme, Host: c.Request.Host})
}

// skips tells whether a flow goes without the proxy: it is wanted so, or it begins
// at the production server.
func (p *Proxy) skips(c *api.Call) bool {
	return c.Request.Header.Get(skipHeader) != "" ||
		cmp.Or(p.current, p.asked(c)) == cmp.Or(p.production, p.auth.Origin)
}

// here is the origin to which the production server is to send the browser.
func (p *Proxy) here(c *api.Call) string {
	if p.current != "" {
		return p.current
	}
	if asked := p.asked(c); p.auth.Trusted.AllowsOrigin(asked) {
		return asked
	}
	return p.auth.Origin
}

// divert lets a flow end at the address to which the production server sends the
// browser.
func (p *Proxy) divert(_ context.Context, c *api.Call) error {
	provider, _ := c.BodyField("provider").(string)
	if provider == "" || p.skips(c) {
		return nil
	}
	callback, _ := c.BodyField("callbackURL").(string)
	if callback == "" {
		callback = p.auth.BaseURL
	}
	c.SetBodyField("callbackURL", completionURL(p.here(c)+p.path, provider, callback))
	return nil
}

// base is the base URL of the production server for a flow that goes by it, empty
// for every other: it is to stand in the authorization.
func (p *Proxy) base(c *api.Call) string {
	if p.production == "" || !api.Path("/sign-in/social", "/link-social")(c) || p.skips(c) {
		return ""
	}
	return p.production + p.path
}

// pack puts the parcel into the authorization address of an answer.
func (p *Proxy) pack(ctx context.Context, c *api.Call) error {
	if c.Err != nil || p.skips(c) {
		return nil
	}
	answer, address, ok := authorization(c.Output)
	if !ok {
		return nil
	}
	flow := parcel{state: param(address, "state")}
	if flow.state == "" {
		return nil
	}
	var err error
	if flow.text, err = p.stored(ctx, c, flow.state); err != nil {
		return err
	}
	sealed, err := p.keys.seal(flow, p.auth.Rand)
	if err != nil {
		return err
	}
	c.Output = answer.Set("url", setParam(address, "state", sealed))
	return nil
}

// authorization reads the answer of a flow that begins.
func authorization(output any) (api.Object, *url.URL, bool) {
	text, err := api.JSON(output)
	if err != nil {
		return nil, nil, false
	}
	answer, err := oauth.ParseObject(text)
	if err != nil {
		return nil, nil, false
	}
	v, _ := answer.Get("url")
	raw, _ := v.(string)
	address, err := url.Parse(raw)
	return answer, address, err == nil && raw != ""
}

// stored is what a flow has stored of itself, as JSON: in the cookie that it has
// just set, or in the database.
func (p *Proxy) stored(ctx context.Context, c *api.Call, state string) (string, error) {
	cookie, err := p.auth.NewCookie("oauth_state", 0)
	if err != nil {
		return "", err
	}
	for _, set := range c.SetCookies() {
		if set.Name == cookie.Name && set.Value != "" {
			plain, err := p.auth.Secrets.Purpose("oauth-state-cookie").Decrypt(set.Value)
			return string(plain), err
		}
	}
	v, err := p.auth.Verification(ctx, "auth-state:"+state)
	if errors.Is(err, store.ErrNotFound) {
		return "", errors.New("the state of a flow is gone before it was sent")
	}
	if err != nil {
		return "", err
	}
	return v.Value, nil
}
