package server

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// renewalDue is how long before its end a certificate should have been renewed.
const renewalDue = 14 * 24 * time.Hour

// strictFor is the time for which browsers are told to use HTTPS alone: a year,
// in seconds.
const strictFor = "max-age=31536000"

func validateTLS(cfg *Config) error {
	if t := cfg.Server.TLS; (t.Cert == "") != (t.Key == "") {
		return errors.New("server.tls: cert and key belong together: set both, or none for plain HTTP")
	}
	return nil
}

// strictTransport is the Strict-Transport-Security header of a server that
// speaks HTTPS itself under a name of its own. Behind a proxy it is the proxy's
// matter, and localhost belongs to every project of a machine.
func (s *Server) strictTransport() string {
	host := hostOf(s.Auth.BaseURL)
	if !s.cfg.Server.TLS.On() || !strings.HasPrefix(s.Auth.BaseURL, "https:") || host == "localhost" || net.ParseIP(host) != nil {
		return ""
	}
	return strictFor
}

// checkTLS tells whether the certificate is good for the base URL and for how
// long.
func (k *checker) checkTLS(now time.Time) {
	t := k.cfg.Server.TLS
	if !t.On() {
		return
	}
	if strings.HasPrefix(k.cfg.BaseURL, "http:") {
		k.add(LevelWarning, "tls", "the server speaks HTTPS, but baseURL is %s: write it with https", k.cfg.BaseURL)
	}
	pair, err := ReadCertificate(t)
	if err != nil {
		k.add(LevelError, "tls", "%v", err)
		return
	}
	leaf := pair.Leaf
	if err := leaf.VerifyHostname(hostOf(k.cfg.BaseURL)); err != nil {
		k.add(LevelWarning, "tls", "the certificate does not fit baseURL %s: %v", k.cfg.BaseURL, err)
	}
	end := leaf.NotAfter.UTC().Format(time.DateTime)
	switch {
	case now.Before(leaf.NotBefore):
		k.add(LevelWarning, "tls", "the certificate begins only at %s UTC", leaf.NotBefore.UTC().Format(time.DateTime))
	case now.After(leaf.NotAfter):
		k.add(LevelWarning, "tls", "the certificate ended at %s UTC: no client accepts it; renew it", end)
	case leaf.NotAfter.Sub(now) < renewalDue:
		k.add(LevelWarning, "tls", "the certificate ends at %s UTC: renew it", end)
	default:
		k.add(LevelOK, "tls", "the certificate ends at %s UTC", end)
	}
}

// hostOf is the host of a URL, without its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
