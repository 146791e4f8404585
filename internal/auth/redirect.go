package auth

import "github.com/sallyport-auth/sallyport/internal/origin"

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
