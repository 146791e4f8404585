package server

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

// appCheck is an application beside this server, and the session cookie between them.
type appCheck struct {
	*checker
	base   *url.URL // the API, with its path
	server string   // the origin of base
	app    *url.URL
	cookie api.Cookie
	is     relation
}

// checkApp tells what an application on that origin and this server need to work together. A finding on
// sallyport.yaml is a line for that file.
func (k *checker) checkApp(text string) {
	app, err := parseOrigin(text)
	if err != nil {
		k.add(LevelError, "app", "%q %v", text, err)
		return
	}
	base, err := auth.BaseURL(k.cfg.Config)
	if err != nil {
		k.add(LevelError, "app", "%v", err)
		return
	}
	cookie, err := auth.SessionCookie(&k.cfg.Config)
	if err != nil {
		k.add(LevelError, "app", "%v", err)
		return
	}
	a := &appCheck{k, base, base.Scheme + "://" + base.Host, app, cookie, relationOf(base, app)}
	a.tellCase()
	a.checkTrust()
	if a.checkSchemes() && a.checkDomain() {
		a.checkSite()
		a.checkAppServer()
	}
	a.tellSettings()
	a.tellAPIs()
}

// setting asks for a line of sallyport.yaml.
func (a *appCheck) setting(l Level, line string, args ...any) {
	a.add(l, "sallyport.yaml", line, args...)
}

// advanced asks for a line of which the file may have the beginning.
func (a *appCheck) advanced(l Level, option string) {
	a.setting(l, "advanced: {%s}  # where advanced is there already, under it", option)
}

func (a *appCheck) tellCase() {
	switch a.is {
	case oneOrigin:
		a.add(LevelOK, "app", "one origin: pages and server are both %s; the application, or a proxy before both, passes %s/* on to this server", a.server, a.base.Path)
	case oneHost:
		a.add(LevelOK, "app", "one host: %s and %s differ in the port, which cookies do not know", a.app, a.server)
	case oneSite:
		a.add(LevelOK, "app", "one site: %s and %s share %s", a.app, a.server, sharedDomain(a.base.Hostname(), a.app.Hostname()))
	case differentSites:
		a.add(LevelOK, "app", "different sites: to browsers %s and %s have nothing in common", a.app, a.server)
	}
}

func (a *appCheck) checkTrust() {
	trusted := a.cfg.TrustedOrigins
	list, err := origin.Parse(append([]string{a.server}, trusted...))
	switch {
	case err != nil:
		return // checkOrigins has told it
	case list.AllowsOrigin(a.app.String()):
		a.add(LevelOK, "trustedOrigins", "%s is trusted", a.app)
		return
	}
	a.add(LevelError, "trustedOrigins", "%s is not trusted: browsers keep the answers from its pages, and links may not lead there", a.app)
	all, err := json.Marshal(append(trusted[:len(trusted):len(trusted)], a.app.String()))
	if err == nil {
		a.setting(LevelError, "trustedOrigins: %s", all)
	}
}

// checkSchemes finds what cannot work for want of HTTPS. It tells whether to go on.
func (a *appCheck) checkSchemes() bool {
	server, app := a.base.Scheme, a.app.Scheme
	switch {
	case server == "http" && app == "https":
		a.add(LevelError, "cookies", "a page on https cannot call %s: serve the base URL over https", a.server)
	case server == "https" && app == "http" && !a.crossesSites():
		a.add(LevelError, "cookies", "a page on http is another site than %s, and cookies stay behind: serve the app over https", a.server)
	case server == "http" && a.cookie.Secure && !onThisMachine(a.base.Hostname()):
		a.add(LevelError, "cookies", "%s is Secure, and browsers take it only over https: serve the base URL over https, or leave advanced.useSecureCookies and secure out", a.cookie.Name)
	default:
		if app == "http" && !onThisMachine(a.app.Hostname()) {
			a.add(LevelWarning, "cookies", "%s is on http: whoever is on the way can take sessions over; serve both over https", a.app)
		}
		return true
	}
	return false
}

// checkDomain finds a Domain that browsers refuse, and with it the cookie. It tells whether to go on.
func (a *appCheck) checkDomain() bool {
	domain := strings.TrimPrefix(a.cookie.Domain, ".")
	switch {
	case domain == "" || domain == a.base.Hostname():
		return true
	case !inDomain(a.base.Hostname(), domain):
		a.add(LevelError, "cookies", "%s is for %s, where %s is not, so browsers refuse it", a.cookie.Name, domain, a.base.Hostname())
	case isPublicSuffix(domain):
		a.add(LevelError, "cookies", "%s is for %s, under which everybody may have a name, so browsers refuse it", a.cookie.Name, domain)
	default:
		return true
	}
	if a.is == oneSite {
		a.share(LevelError)
	}
	return false
}

// share asks for a cookie that reaches both hosts.
func (a *appCheck) share(l Level) {
	a.advanced(l, fmt.Sprintf("crossSubDomainCookies: {enabled: true, domain: %s}", sharedDomain(a.base.Hostname(), a.app.Hostname())))
}

// crossesSites tells whether the cookie goes along with calls from pages of other sites, where browsers allow it.
func (a *appCheck) crossesSites() bool { return strings.EqualFold(a.cookie.SameSite, "none") }

// checkSite tells whether calls from pages of the app carry the cookie.
func (a *appCheck) checkSite() {
	const partitioned = "defaultCookieAttributes: {sameSite: none, secure: true, partitioned: true}"
	switch {
	case a.is != differentSites:
		a.add(LevelOK, "cookies", "calls from pages of the app carry %s", a.cookie.Name)
	case !a.crossesSites():
		a.add(LevelError, "cookies", "calls from pages of the app do not carry %s (SameSite=%s): sign-in is answered 200, and the session stays empty; "+
			"put both under one domain, or behind one origin, or set", a.cookie.Name, a.cookie.SameSite)
		a.advanced(LevelError, partitioned)
	case !a.cookie.Partitioned:
		a.add(LevelWarning, "cookies", "browsers without third-party cookies keep %s back, and sessions stay empty there; put both under one domain, or behind one origin, or set", a.cookie.Name)
		a.advanced(LevelWarning, partitioned)
	default:
		a.add(LevelWarning, "cookies", "%s works only in browsers that have partitioned cookies, and a session begun by a mailed link is not seen in the app; under one domain, or behind one origin, all works", a.cookie.Name)
	}
}

// checkAppServer tells whether the app's own server gets the cookie with requests for its pages.
func (a *appCheck) checkAppServer() {
	host, domain := a.app.Hostname(), cmp.Or(strings.TrimPrefix(a.cookie.Domain, "."), a.base.Hostname())
	const blind = "the app's own server does not get %s: server components and proxy.ts take everybody for signed out"
	switch {
	case a.cookie.Secure && a.app.Scheme == "http" && !onThisMachine(host):
		a.add(LevelWarning, "app server", blind+"; serve its pages over https", a.cookie.Name)
	case host == a.base.Hostname(), a.cookie.Domain != "" && inDomain(host, domain):
		a.add(LevelOK, "app server", "gets %s with requests for its pages, also in server components", a.cookie.Name)
	case a.is == oneSite:
		a.add(LevelWarning, "app server", blind+"; where they ask for the session, set", a.cookie.Name)
		a.share(LevelWarning)
	default:
		a.add(LevelWarning, "app server", blind+", and no setting changes that; ask for the session in the browser alone", a.cookie.Name)
	}
}

// tellSettings tells the environment of the app.
func (a *appCheck) tellSettings() {
	if a.is == oneOrigin {
		a.add(LevelOK, "app settings", "NEXT_PUBLIC_AUTH_URL is not set; AUTH_URL is where the application reaches this server, not %s", a.server)
		return
	}
	public := a.server
	if a.base.Path != "/api/auth" {
		public = a.base.String()
	}
	a.add(LevelOK, "app settings", "NEXT_PUBLIC_AUTH_URL=%s AUTH_URL=%s", public, a.server)
	a.add(LevelOK, "app settings", "callbackURL and redirectTo are whole addresses, such as %s/welcome: mailed links lead through %s", a.app, a.server)
}

// tellAPIs tells the environment of APIs that verify tokens.
func (a *appCheck) tellAPIs() {
	plugin := a.cfg.Plugins.JWT
	if plugin == nil {
		a.add(LevelOK, "api settings", "there are no tokens for APIs: plugins.jwt is off")
		return
	}
	audience := strings.Join(plugin.JWT.Audience.Values, " or ")
	a.add(LevelOK, "api settings", "AUTH_ISSUER=%s AUTH_AUDIENCE=%s AUTH_ALGORITHMS=%s APP_ORIGINS=%s", cmp.Or(plugin.JWT.Issuer, a.server),
		cmp.Or(audience, a.server), cmp.Or(string(plugin.JWKS.KeyPairConfig.Alg), "EdDSA"), a.app)
	a.add(LevelOK, "api settings", "the key set is %s%s; AUTH_URL=%s, or another address at which the API reaches this server",
		a.base, cmp.Or(plugin.JWKS.JWKSPath, "/jwks"), a.server)
}
