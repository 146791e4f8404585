package auth

import (
	"errors"
	"net/url"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Keys of the cookies, as they stand under advanced.cookies.
const (
	keySessionToken = "session_token"
	keySessionData  = "session_data"
	keyDontRemember = "dont_remember"
	keyAccountData  = "account_data"
	keyOAuthState   = "oauth_state"
)

// cookieSet holds the name and attributes of each cookie under a
// configuration. Values are filled in per call.
type cookieSet struct {
	sessionToken, sessionData, dontRemember, accountData, oauthState api.Cookie
}

func newCookieSet(cfg *Config, base *url.URL) (cookieSet, error) {
	s := cookieSet{
		sessionToken: newCookie(cfg, base, keySessionToken, cfg.Session.ExpiresIn.Std()),
		sessionData:  newCookie(cfg, base, keySessionData, cfg.Session.CookieCache.MaxAge.Std()),
		dontRemember: newCookie(cfg, base, keyDontRemember, 0),
		accountData:  newCookie(cfg, base, keyAccountData, cfg.Session.CookieCache.MaxAge.Std()),
		oauthState:   newCookie(cfg, base, keyOAuthState, 0),
	}
	return s, errors.Join(s.sessionToken.Check(), s.sessionData.Check(), s.dontRemember.Check(), s.accountData.Check(), s.oauthState.Check())
}

// newCookie composes name and attributes in the original's order of strength:
// defaults, the domain to share, advanced.defaultCookieAttributes, the cookie's
// own age, advanced.cookies.
func newCookie(cfg *Config, base *url.URL, key string, age time.Duration) api.Cookie {
	adv := &cfg.Advanced
	c := api.Cookie{Name: adv.CookiePrefix + "." + key, SameSite: "lax", Path: "/", HTTPOnly: true}
	if name := adv.Cookies[key].Name; name != "" {
		c.Name = name
	}
	if secureCookies(cfg, base) {
		c.Name, c.Secure = "__Secure-"+c.Name, true
	}
	if adv.CrossSubDomainCookies.Enabled {
		c.Domain = adv.CrossSubDomainCookies.Domain
		if c.Domain == "" {
			c.Domain = base.Hostname()
		}
	}
	adv.DefaultCookieAttributes.apply(&c)
	if age > 0 {
		c.MaxAge = seconds(age)
	}
	adv.Cookies[key].Attributes.apply(&c)
	return c
}

// SessionCookie is the cookie that carries the session token under a configuration,
// without a value.
func SessionCookie(cfg *Config) (api.Cookie, error) {
	base, err := BaseURL(*cfg)
	if err != nil {
		return api.Cookie{}, err
	}
	return newCookie(cfg, base, keySessionToken, cfg.Session.ExpiresIn.Std()).Resolved(), nil
}

func secureCookies(cfg *Config, base *url.URL) bool {
	if cfg.Advanced.UseSecureCookies != nil {
		return *cfg.Advanced.UseSecureCookies
	}
	return base.Scheme == "https"
}

// apply overrides the attributes of c that a names.
func (a CookieAttributes) apply(c *api.Cookie) {
	set(&c.Domain, a.Domain)
	set(&c.Path, a.Path)
	set(&c.SameSite, a.SameSite)
	set(&c.HTTPOnly, a.HTTPOnly)
	set(&c.Secure, a.Secure)
	set(&c.Partitioned, a.Partitioned)
	if a.MaxAge != nil {
		c.MaxAge = seconds(a.MaxAge.Std())
	}
}

func set[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}

func seconds(d time.Duration) *int { return api.SecondsPtr(int64(d / time.Second)) }

// SessionCookieName is the name of the cookie that carries the session token.
func (a *Auth) SessionCookieName() string { return a.cookies.sessionToken.Name }

// NewCookie gives the cookie of a plugin, under its key in advanced.cookies. It
// ends with the browser session where age is 0.
func (a *Auth) NewCookie(key string, age time.Duration) (api.Cookie, error) {
	base, err := BaseURL(a.Config)
	if err != nil {
		return api.Cookie{}, err
	}
	cookie := newCookie(&a.Config, base, key, age)
	return cookie, cookie.Check()
}

// SetSigned sends a cookie with a value and its signature.
func (a *Auth) SetSigned(c *api.Call, cookie api.Cookie, value string) {
	cookie.Value = a.Secrets.Sign(value)
	c.SetCookie(cookie)
}

// Signed gives the value of a cookie of the request whose signature is right.
func (a *Auth) Signed(c *api.Call, cookie api.Cookie) (string, bool) {
	value, by := a.SignedBy(c, cookie)
	return value, by != secure.NoSecret
}

// SignedBy is Signed, and tells which secret it was.
func (a *Auth) SignedBy(c *api.Call, cookie api.Cookie) (value string, by secure.Signer) {
	raw, ok := c.Cookie(cookie.Name)
	if !ok {
		return "", secure.NoSecret
	}
	return a.Secrets.VerifyBy(raw)
}

// setSessionCookies sends the session token, remembers in a second cookie that
// the browser is to forget both when it closes, and sends a copy of session and
// user in a third where there is a cookie cache.
func (a *Auth) setSessionCookies(c *api.Call, s *store.Session, user *store.User, remember bool) {
	cookie := a.cookies.sessionToken
	cookie.Value, cookie.MaxAge = a.Secrets.Sign(s.Token), nil
	if remember {
		cookie.MaxAge = seconds(a.Config.Session.ExpiresIn.Std())
	}
	c.SetCookie(cookie)
	a.sendRemember(c, remember)
	a.writeCache(c, s, user, remember)
}

// sendRemember tells the browser whether to forget what belongs to the session
// when it closes.
func (a *Auth) sendRemember(c *api.Call, remember bool) {
	switch {
	case !remember:
		a.SetSigned(c, a.cookies.dontRemember, "true")
	case !a.Remembered(c):
		a.ForgetForgetting(c)
	}
}

// ForgetForgetting takes back what makes a browser forget its session.
func (a *Auth) ForgetForgetting(c *api.Call) { c.ExpireCookie(a.cookies.dontRemember) }

// Remembered tells whether the browser of the call keeps its session when it
// closes: no cookie asks it to forget.
func (a *Auth) Remembered(c *api.Call) bool {
	_, forgetful := a.Signed(c, a.cookies.dontRemember)
	return !forgetful
}

// ClearSessionCookies removes everything that carries the session from the
// browser, in the original's order: a session_data cookie that the request
// brought along is expired twice.
func (a *Auth) ClearSessionCookies(c *api.Call) {
	a.ClearSession(c)
	a.ForgetForgetting(c)
}

// ClearSession is ClearSessionCookies, but the browser goes on to know whether it
// is to forget the next session.
func (a *Auth) ClearSession(c *api.Call) {
	c.ExpireCookie(a.cookies.sessionToken)
	c.ExpireCookie(a.cookies.sessionData)
	a.clearAccountCookie(c)
	if a.Config.Account.StoreStateStrategy == "cookie" { // the flows of this browser end with its session
		c.ExpireCookie(a.cookies.oauthState)
	}
	expireParts(c, a.cookies.sessionData)
}

// expireParts expires a cookie as the request carries it, whole or in numbered
// parts.
func expireParts(c *api.Call, cookie api.Cookie) {
	for name := range c.Cookies() {
		if isPartOf(name, cookie.Name) {
			part := cookie
			part.Name = name
			c.SetCookie(part.Expired())
		}
	}
}

// clearStaleCache expires a session_data cookie that was set while there was a
// cookie cache.
func (a *Auth) clearStaleCache(c *api.Call) {
	if joinParts(c, a.cookies.sessionData.Name) != "" {
		expireParts(c, a.cookies.sessionData)
	}
}
