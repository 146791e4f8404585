package server

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"

	"github.com/sallyport-auth/sallyport/internal/auth"
)

// relation tells how near browsers take two origins to be.
type relation int

// The relations, from the nearest.
const (
	oneOrigin relation = iota
	oneHost
	oneSite
	differentSites
)

// relationOf compares two origins. The scheme is part of a site, and the port is not.
func relationOf(a, b *url.URL) relation {
	switch {
	case a.Scheme == b.Scheme && a.Host == b.Host:
		return oneOrigin
	case a.Scheme != b.Scheme || !sameSite(a.Hostname(), b.Hostname()):
		return differentSites
	case a.Hostname() == b.Hostname():
		return oneHost
	}
	return oneSite
}

// sameSite tells whether browsers take two hosts for one site. An address is a site of its own.
func sameSite(a, b string) bool {
	if isAddress(a) || isAddress(b) {
		return a == b
	}
	siteA, errA := publicsuffix.EffectiveTLDPlusOne(a)
	siteB, errB := publicsuffix.EffectiveTLDPlusOne(b)
	if errA != nil || errB != nil {
		return a == b
	}
	return siteA == siteB
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// sharedDomain is the narrowest domain that holds two hosts of one site.
func sharedDomain(a, b string) string {
	for domain := a; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if inDomain(b, domain) {
			return domain
		}
	}
	return ""
}

// inDomain tells whether a cookie with that Domain reaches a host.
func inDomain(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain) && !isAddress(host)
}

// isPublicSuffix tells whether everybody may register names under a domain, so that browsers refuse its cookies.
func isPublicSuffix(domain string) bool {
	_, err := publicsuffix.EffectiveTLDPlusOne(domain)
	return err != nil && !isAddress(domain) && domain != "localhost"
}

// onThisMachine tells whether browsers trust a host without HTTPS.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// parseOrigin reads an origin as browsers write it.
func parseOrigin(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, "*?") {
		return nil, errors.New("is no origin: write it as https://app.example.com")
	}
	canonical := url.URL{Scheme: u.Scheme, Host: auth.CanonicalHost(u)}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("is no origin of a page: it must begin with http:// or https://")
	case u.Path == "/":
		return nil, fmt.Errorf("ends with a slash: write %s", &canonical)
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, fmt.Errorf("is more than an origin: write %s", &canonical)
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r > unicode.MaxASCII }):
		return nil, errors.New("is not as browsers write it: write the name with xn--, as a page's location.origin has it")
	case text != canonical.String():
		return nil, fmt.Errorf("is not as browsers write it: write %s", &canonical)
	}
	return u, nil
}
