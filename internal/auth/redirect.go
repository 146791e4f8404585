package auth

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

// ErrInvalidCallback says that a callbackURL is not trusted.
var ErrInvalidCallback = api.NewError(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")

// CheckCallback refuses a target that is not trusted. Requests other than GET
// have been through the origin check, which does the same.
func (a *Auth) CheckCallback(c *api.Call, target string) error {
	if target == "" || a.OriginUnchecked(c.Route.Path) || a.Trusted.MatchesTarget(target) {
		return nil
	}
	return ErrInvalidCallback
}

// OriginUnchecked tells whether the operator has switched the check of origins
// and targets off for a route.
func (a *Auth) OriginUnchecked(path string) bool {
	off := &a.Config.Advanced.DisableOriginCheck
	return off.All || slices.ContainsFunc(off.Paths, func(p string) bool {
		p = strings.TrimRight(p, "/")
		return path == p || strings.HasPrefix(path, p+"/")
	})
}

// RedirectTarget gives the form in which a target that has passed the origin
// check is sent: rebuilt from its parsed parts. Where the operator has switched
// that check off, a target at any site is sent; what cannot be parsed becomes
// the root of the site.
func (a *Auth) RedirectTarget(raw string) string {
	if target, ok := a.Trusted.SafeRedirect(raw); ok {
		return target
	}
	off := &a.Config.Advanced.DisableOriginCheck
	if target, ok := origin.Rebuild(raw); ok && (off.All || len(off.Paths) > 0) {
		return target
	}
	return "/"
}
