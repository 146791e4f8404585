package server

import (
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// Refusals of the origin check, with the original's codes and messages.
var (
	errNullOrigin      = api.NewError(http.StatusForbidden, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
	errInvalidOrigin   = api.NewError(http.StatusForbidden, "INVALID_ORIGIN", "Invalid origin")
	errCrossSiteSignIn = api.NewError(http.StatusForbidden, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
		"Cross-site navigation login blocked. This request appears to be a CSRF attack.")
)

// redirectTarget is a member of a body that a browser may be sent to.
type redirectTarget struct {
	field, label string
	refusal      *api.Error
}

var redirectTargets = []redirectTarget{
	{"callbackURL", "callbackURL", auth.ErrInvalidCallback},
	{"redirectTo", "redirectURL", api.NewError(http.StatusForbidden, "INVALID_REDIRECT_URL", "Invalid redirectURL")},
	{"errorCallbackURL", "errorCallbackURL", api.NewError(http.StatusForbidden, "INVALID_ERROR_CALLBACK_URL", "Invalid errorCallbackURL")},
	{"newUserCallbackURL", "newUserCallbackURL", api.NewError(http.StatusForbidden, "INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL")},
}

// originGuard refuses requests that another site made a browser send, and
// redirect targets that are not trusted (contract 01, section 8).
type originGuard struct {
	auth *auth.Auth
	// csrfOff is the switch of the configuration.
	csrfOff bool
}

func newOriginGuard(a *auth.Auth) *originGuard {
	adv := &a.Config.Advanced
	g := &originGuard{auth: a}
	// Switching the origin check off everywhere also switches the CSRF check
	// off, unless that one is configured by itself: the original keeps an old
	// behaviour alive there.
	g.csrfOff = adv.DisableOriginCheck.All
	if adv.DisableCSRFCheck != nil {
		g.csrfOff = *adv.DisableCSRFCheck
	}
	return g
}

// check is the step before the hooks, for every method that changes something.
func (g *originGuard) check(c *api.Call) error {
	if c.Request.Method == http.MethodGet {
		return nil
	}
	if hasCookie(c) {
		if err := g.checkOrigin(c); err != nil {
			return err
		}
	}
	if g.off(c) {
		return nil
	}
	for _, t := range redirectTargets {
		if err := g.checkTarget(c, t); err != nil {
			return err
		}
	}
	return nil
}

func (g *originGuard) off(c *api.Call) bool { return g.auth.OriginUnchecked(c.Route.Path) }

func hasCookie(c *api.Call) bool {
	_, ok := c.Request.Header["Cookie"]
	return ok
}

// checkOrigin wants a trusted Origin, or a Referer in its place.
func (g *originGuard) checkOrigin(c *api.Call) error {
	if g.csrfOff || g.off(c) {
		return nil
	}
	// A second header is part of the value, as Node has it, and makes it nobody's.
	from := strings.Join(c.Request.Header.Values("Origin"), ", ")
	if from == "null" && c.Request.Header.Get("Sec-Fetch-Site") == "same-origin" {
		// A page with an opaque origin on the very host that is asked; the
		// browser vouches for it, and the host must still be a trusted one.
		scheme, _, _ := strings.Cut(g.auth.Origin, "://")
		from = scheme + "://" + c.Request.Host
	}
	if from == "" {
		from = c.Request.Header.Get("Referer")
	}
	switch {
	case from == "", from == "null":
		return errNullOrigin
	case !g.auth.Trusted.MatchesOrigin(from):
		return errInvalidOrigin
	}
	return nil
}

func (g *originGuard) checkTarget(c *api.Call, t redirectTarget) error {
	v := c.BodyField(t.field)
	if t.field == "callbackURL" && !api.IsTruthy(v) {
		v = c.QueryField(t.field)
	}
	if !api.IsTruthy(v) {
		return nil
	}
	text, ok := v.(string)
	if !ok {
		return api.NewError(http.StatusBadRequest, "", "Invalid "+t.label+": expected a string")
	}
	if !g.auth.Trusted.MatchesTarget(text) {
		return t.refusal
	}
	return nil
}

// checkForm protects the first sign-in, when there is no cookie yet, by Fetch
// Metadata: a browser says where a request comes from, and other clients say
// nothing.
func (g *originGuard) checkForm(c *api.Call) error {
	if g.csrfOff {
		return nil
	}
	if hasCookie(c) {
		return g.checkOrigin(c)
	}
	h := c.Request.Header
	site, mode := h.Get("Sec-Fetch-Site"), h.Get("Sec-Fetch-Mode")
	if blank(site) && blank(mode) && blank(h.Get("Sec-Fetch-Dest")) {
		if h.Get("Origin") == "" && h.Get("Referer") == "" {
			return nil
		}
		return g.checkOrigin(c)
	}
	if site == "cross-site" && mode == "navigate" {
		return errCrossSiteSignIn
	}
	return g.checkOrigin(c)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
