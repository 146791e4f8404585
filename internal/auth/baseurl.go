package auth

import (
	"net"
	"net/url"
	"strings"
)

// trimSlashes gives path with one leading slash and none at the end; the root
// is empty.
func trimSlashes(path string) string {
	path = strings.Trim(path, "/")
	if path == "" {
		return ""
	}
	return "/" + path
}

// CanonicalHost writes host and port as the URL standard does: lower case, and
// without the scheme's default port, because origins are compared as text.
func CanonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return host
	}
	if u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		if strings.Contains(name, ":") {
			return "[" + name + "]"
		}
		return name
	}
	return host
}
