package origin

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// pattern reports whether an absolute URL matches one trusted origin.
type pattern func(*parsed) bool

// digitsAndWildcards is the form of a host pattern that names IPv4 addresses.
var digitsAndWildcards = regexp.MustCompile(`^[\d*?.]*\d[\d*?.]*$`)

// isGlob reports whether a trusted origin holds a wildcard.
func isGlob(text string) bool {
	return strings.ContainsAny(text, "*?")
}

// compile makes a pattern of one trusted origin; nil when it can match nothing.
func compile(text string) (pattern, error) {
	switch {
	case isGlob(text) && !strings.Contains(text, "://"):
		return compileHost(text)
	case isGlob(text):
		return compileGlob(text)
	default:
		return compileScheme(text), nil
	}
}

// compileHost makes a pattern of a wildcard host without a scheme, which is
// compared with "host" or "host:port". It names a site, so it admits no
// redirect to the scheme of an app; those are trusted by name.
func compileHost(text string) (pattern, error) {
	glob, err := compileWildcard(text)
	if err != nil {
		return nil, err
	}
	return func(u *parsed) bool {
		host := u.hostPort()
		return (u.web() || !u.target && host != "") && glob.MatchString(host) && addressFits(text, host)
	}, nil
}

// compileGlob makes a pattern of a wildcard with a scheme. For web sites the
// glob covers the whole origin; for the scheme of an app it covers host and
// path, each on its own.
func compileGlob(text string) (pattern, error) {
	glob, err := compileWildcard(text)
	if err != nil {
		return nil, err
	}
	_, authority, _ := strings.Cut(text, "://")
	app, err := compileAppGlob(text)
	if err != nil {
		return nil, err
	}
	return func(u *parsed) bool {
		if !u.web() {
			return app(u)
		}
		return glob.MatchString(u.origin()) && addressFits(authority, u.hostPort())
	}, nil
}

// compileAppGlob makes the half of a wildcard that concerns app schemes.
func compileAppGlob(text string) (pattern, error) {
	scheme, authority, path := splitApp(text, "/#", "#")
	hosts, err := compileWildcard(authority)
	if err != nil {
		return nil, err
	}
	paths, err := compileWildcard(path)
	if err != nil {
		return nil, err
	}
	return func(u *parsed) bool {
		if u.scheme != scheme {
			return false
		}
		host := strings.ToLower(u.authority())
		if authority != "" && !(hosts.MatchString(host) && addressFits(authority, host)) {
			return false
		}
		return path == "" || paths.MatchString(orSlash(resolveApp(u.given)))
	}, nil
}

// compileScheme makes a pattern of an app scheme without wildcards: the
// scheme must agree, the host when the pattern has one, and the path must be
// the pattern's or below it.
func compileScheme(text string) pattern {
	scheme, authority, path := splitApp(text, "/?#", "?#")
	if _, rest, _ := strings.Cut(text, ":"); scheme == "" || isPort(rest) {
		return nil
	}
	if scheme == "http" || scheme == "https" {
		return nil
	}
	return func(u *parsed) bool {
		if u.scheme != scheme || authority != "" && strings.ToLower(u.authority()) != authority {
			return false
		}
		resolved := resolveApp(u.given)
		return path == "" || resolved == path || strings.HasPrefix(resolved, path+"/")
	}
}

// splitApp cuts a pattern of the form scheme://authority/path, where each of
// authority and path ends at one of the given characters. The path is resolved.
func splitApp(text, authorityEnd, pathEnd string) (scheme, authority, path string) {
	scheme, rest, found := strings.Cut(text, ":")
	if !found {
		return "", "", ""
	}
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		authority, rest = cutAny(after, authorityEnd)
	}
	rest, _ = cutAny(rest, pathEnd)
	return strings.ToLower(scheme), strings.ToLower(authority), resolveApp(rest)
}

// cutAny splits s before the first of chars.
func cutAny(s, chars string) (before, after string) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// resolveApp decodes a path and resolves its dot segments, so that a pattern
// that pins a path cannot be left through "..". The root is "".
func resolveApp(path string) string {
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		switch {
		case segment == "..":
			kept = kept[:max(0, len(kept)-1)]
		case segment != "." && segment != "":
			kept = append(kept, segment)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "/" + strings.Join(kept, "/")
}

// orSlash returns "/" for the empty path.
func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// addressFits reports whether a host may match a wildcard pattern: where the
// pattern is made of digits, dots and wildcards it means IPv4 addresses, and a
// name such as 192.168.example.com is none.
func addressFits(pattern, host string) bool {
	pattern, _, _ = strings.Cut(pattern, ":")
	if !digitsAndWildcards.MatchString(pattern) {
		return true
	}
	host, _, _ = strings.Cut(host, ":")
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}
