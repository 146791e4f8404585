package origin

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// parsed is a URL in parts. It is made by parse only, so whoever holds one
// holds a URL that passed the strict rules.
type parsed struct {
	scheme       string // lower case; "" for a path on this server
	host         string // as it is written again; an IPv6 address has its brackets
	port         string // decimal without leading zeros; "" when none was given
	hasAuthority bool   // "//" stood after the scheme
	path         string // dot segments resolved, percent-encoded where needed
	given        string // the path as it came; app schemes are compared by it
	query        string // without "?"
	fragment     string // without "#"
	hasQuery     bool
	hasFragment  bool
	target       bool // read as a redirect target, not as an Origin or Referer header
}

// neverTargets are schemes that run code, open local files or wrap another
// URL. No trusted origin makes them redirect targets.
var neverTargets = map[string]bool{
	"about": true, "blob": true, "data": true, "file": true, "filesystem": true,
	"ftp": true, "javascript": true, "vbscript": true, "view-source": true, "ws": true, "wss": true,
}

// relative reports whether the URL is a path on this server.
func (u *parsed) relative() bool { return u.scheme == "" }

// web reports whether the scheme is http or https.
func (u *parsed) web() bool { return u.scheme == "http" || u.scheme == "https" }

// forbidden reports whether the scheme may never be redirected to.
func (u *parsed) forbidden() bool { return neverTargets[u.scheme] }

// parse reads a redirect target, relative or absolute, by the strict rules.
func parse(raw string) (*parsed, bool) {
	if len(raw) > MaxURL || !utf8.ValidString(raw) || hasControl(raw) || strings.Contains(raw, `\`) {
		return nil, false
	}
	if strings.HasPrefix(raw, "/") {
		return parseRelative(raw)
	}
	u, rest, ok := parseFront(raw)
	if !ok {
		return nil, false
	}
	u.target = true
	u.setRest(rest)
	return u, u.web() || u.resolvable()
}

// parseOrigin reads an Origin or Referer header. After the authority of a web
// site anything may follow, because browsers leave much of a query unencoded.
func parseOrigin(raw string) (*parsed, bool) {
	if len(raw) > MaxURL || !utf8.ValidString(raw) || hasControl(raw) {
		return nil, false
	}
	u, rest, ok := parseFront(raw)
	if !ok || strings.HasPrefix(rest, `\`) {
		return nil, false
	}
	if u.web() {
		return u, true
	}
	u.setRest(rest)
	return u, u.resolvable()
}

// parseRelative reads a path on this server. What is dangerous about it must
// be absent before and after dot segments are resolved: "/.//host" is a path
// that turns into "//host", another server, wherever it is cleaned up.
func parseRelative(raw string) (*parsed, bool) {
	u := &parsed{}
	u.setRest(raw)
	lower := strings.ToLower(u.given)
	if strings.HasPrefix(raw, "//") || strings.HasPrefix(u.path, "//") {
		return nil, false
	}
	if strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") {
		return nil, false
	}
	return u, true
}

// parseFront reads scheme and authority and returns what follows them.
func parseFront(raw string) (*parsed, string, bool) {
	scheme, rest, found := strings.Cut(raw, ":")
	if !found || !isScheme(scheme) {
		return nil, "", false
	}
	u := &parsed{scheme: strings.ToLower(scheme)}
	after, slashes := strings.CutPrefix(rest, "//")
	if !slashes {
		// "https:host" and "https:/host" are hosts to a browser and paths to
		// most programs; "localhost:3000" is a host to people only.
		return u, rest, !u.special() && !isPort(rest)
	}
	u.hasAuthority = true
	authority, rest := cutAny(after, `/?#\`)
	return u, rest, u.setAuthority(authority)
}

// special reports whether the scheme always has a host in browsers' eyes.
func (u *parsed) special() bool {
	switch u.scheme {
	case "http", "https", "ws", "wss", "ftp":
		return true
	}
	return false
}

// resolvable reports whether an app's path decodes. Better Auth compares the
// decoded path, so one that does not decode cannot be compared safely.
func (u *parsed) resolvable() bool {
	decoded, err := url.PathUnescape(u.given)
	return err == nil && utf8.ValidString(decoded)
}

// setRest stores path, query and fragment.
func (u *parsed) setRest(rest string) {
	rest, u.fragment, u.hasFragment = strings.Cut(rest, "#")
	u.given, u.query, u.hasQuery = strings.Cut(rest, "?")
	u.path = encode(u.given, pathUnsafe)
	if strings.HasPrefix(u.given, "/") {
		u.path = resolveDots(u.path)
	}
	u.query = encode(u.query, u.queryUnsafe())
	u.fragment = encode(u.fragment, fragmentUnsafe)
}

// isScheme reports whether s is a URL scheme (RFC 3986 section 3.1).
func isScheme(s string) bool {
	for i, char := range []byte(s) {
		letter := 'a' <= char|0x20 && char|0x20 <= 'z'
		if !letter && (i == 0 || !('0' <= char && char <= '9' || strings.IndexByte("+-.", char) >= 0)) {
			return false
		}
	}
	return s != ""
}

// hasControl reports whether s holds a C0 or C1 control character or DEL.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, unicode.IsControl)
}
