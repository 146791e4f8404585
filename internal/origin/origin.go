// Package origin decides which other sites this server trusts: whose Origin
// and Referer headers it accepts, to whom it grants CORS, and where it
// redirects. It is the only place that decides about redirect targets.
//
// A trusted origin is written as Better Auth writes it ("https://app.example.com",
// "https://*.example.com", "*.example.com", "myapp://callback"), and matching
// follows Better Auth 1.7.25. URLs are read by a strict parser: whatever
// browsers and programs are known to read in different ways (user names,
// backslashes, control characters, encoded or non-ASCII host names, missing
// slashes) is refused, not repaired.
package origin

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// MaxURL is the length in bytes beyond which a URL is refused. It leaves a
// redirect well inside the header limits of common proxies.
const MaxURL = 8192

// List is a set of trusted origins. It never changes after Parse and is safe
// for concurrent use. The zero List trusts nobody.
type List struct {
	exact     map[string]bool // plain http and https origins, by far the most common
	patterns  []pattern       // everything else
	unmatched []string
}

// Parse compiles trusted-origin patterns. Empty entries are dropped. An entry
// with a control character or invalid UTF-8 is an error; one that is
// well-formed but matches nothing is kept and reported by Unmatchable.
func Parse(patterns []string) (*List, error) {
	list := &List{exact: map[string]bool{}}
	for _, text := range patterns {
		if text == "" {
			continue
		}
		if !utf8.ValidString(text) || hasControl(text) {
			return nil, fmt.Errorf("trusted origin %q holds a control character or invalid UTF-8", text)
		}
		if err := list.add(text); err != nil {
			return nil, fmt.Errorf("trusted origin %q: %w", text, err)
		}
	}
	return list, nil
}

// add puts one pattern where it belongs.
func (l *List) add(text string) error {
	if !isGlob(text) {
		if web, ok := parseWebOrigin(text); ok {
			l.exact[web] = true
			return nil
		}
	}
	p, err := compile(text)
	if err != nil {
		return err
	}
	if p == nil {
		l.unmatched = append(l.unmatched, text)
		return nil
	}
	l.patterns = append(l.patterns, p)
	return nil
}

// parseWebOrigin reports whether text is an http or https origin in exactly
// the form browsers send it: lower case, no default port, no path.
func parseWebOrigin(text string) (string, bool) {
	u, ok := parse(text)
	if !ok || !u.web() || u.origin() != text {
		return "", false
	}
	return text, true
}

// Unmatchable returns the entries that can never match anything, such as a
// bare "example.com" or an origin with a trailing slash. Better Auth accepts
// these too without a word; a server should warn of them.
func (l *List) Unmatchable() []string {
	return l.unmatched
}

// MatchesOrigin reports whether header, the value of an Origin or Referer
// header, names a trusted origin. Of a Referer only the origin counts.
func (l *List) MatchesOrigin(header string) bool {
	if strings.HasPrefix(header, "/") {
		return false
	}
	u, ok := parseOrigin(header)
	return ok && l.matches(u)
}

// MatchesTarget reports whether raw may be redirected to: a safe path on this
// server, or a URL at a trusted origin. It is true exactly when SafeRedirect
// has an answer.
func (l *List) MatchesTarget(raw string) bool {
	_, ok := l.SafeRedirect(raw)
	return ok
}

// SafeRedirect decides about a redirect target that came from a client and
// returns the value to send. That value is rebuilt from the parsed parts, so
// what was checked is what is sent: dot segments are resolved and characters
// that need it percent-encoded. An ordinary URL comes back unchanged.
func (l *List) SafeRedirect(raw string) (string, bool) {
	u, ok := parse(raw)
	if !ok || u.forbidden() {
		return "", false
	}
	if !u.relative() && !l.matches(u) {
		return "", false
	}
	return u.String(), true
}

// Rebuild is SafeRedirect without the question of trust, for an operator who
// has switched the origin check off: the strict parser still decides what is a
// URL at all, and dangerous schemes stay refused.
func Rebuild(raw string) (string, bool) {
	u, ok := parse(raw)
	if !ok || u.forbidden() {
		return "", false
	}
	return u.String(), true
}

// AllowsOrigin reports whether a CORS answer may name origin. It must be a
// trusted http or https origin in the exact form that browsers send.
func (l *List) AllowsOrigin(origin string) bool {
	if l.exact[origin] {
		return true
	}
	u, ok := parse(origin)
	return ok && u.web() && u.origin() == origin && l.matches(u)
}

// AllowsRequest is AllowsOrigin in the form that CORS middleware asks for.
func (l *List) AllowsRequest(_ *http.Request, origin string) bool {
	return l.AllowsOrigin(origin)
}

// matches runs an absolute URL against every pattern.
func (l *List) matches(u *parsed) bool {
	if u.web() && l.exact[u.origin()] {
		return true
	}
	for _, p := range l.patterns {
		if p(u) {
			return true
		}
	}
	return false
}
