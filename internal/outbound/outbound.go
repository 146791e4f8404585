// Package outbound asks other people's servers: it bounds how long they may
// take and how much they may answer, follows no redirect, and refuses addresses
// of the machine's own networks, so that nobody whose address a configuration or
// a discovered document names can make this server speak to its neighbours.
//
// Where the environment names a proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), it is the
// proxy that is dialled, and has to be allowed like everybody else; the names that it
// is given, it resolves.
//
// The webhook of messages and the exporter of traces go to addresses of the
// operator's own network and have clients of their own.
package outbound

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// Bounds of one exchange.
const (
	// connectTimeout is for the connection, Timeout for all of an exchange.
	connectTimeout = 5 * time.Second
	Timeout        = 10 * time.Second
	// MaxAnswer is how much of an answer is read; a longer one is an error.
	MaxAnswer = 1 << 20
	maxHeader = 64 << 10
)

// Errors of an exchange, wrapped in what was asked.
var (
	// ErrRedirect says that the other server answered with a redirect.
	ErrRedirect = errors.New("the server answered with a redirect, which is not followed: name the final address")
	// ErrTooLong says that an answer was longer than MaxAnswer.
	ErrTooLong = errors.New("the answer is too long")
	// ErrPrivate says that a name leads to an address of the own network.
	ErrPrivate = errors.New("the address belongs to a private network and server.outbound.allow does not name it")
)

// Options are the choices of a Client.
type Options struct {
	// Allow are networks that may be asked although they are private.
	Allow []netip.Prefix
	// Transport replaces the way to other servers, for tests alone.
	Transport http.RoundTripper
	// Timeout replaces that of all of an exchange; 0 means Timeout.
	Timeout time.Duration
	// Begin is told of every exchange before it begins, and what it gives of how it
	// ended; nil where nobody wants to know.
	Begin Watcher
}

// Watcher watches exchanges. What it gives is called with the status, 0 where there
// was no answer, and the error.
type Watcher func(context.Context, *http.Request) (_ context.Context, end func(status int, err error))

// Client asks other servers. It may be used by many goroutines.
type Client struct {
	http  *http.Client
	begin Watcher
	allow []netip.Prefix
	// open says that a test has its own way to other servers.
	open bool
}

// Answer is what another server said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK tells whether the status is one of success.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// New gives a client.
func New(o Options) *Client {
	transport := o.Transport
	if transport == nil {
		transport = newTransport(o.Allow)
	}
	begin := o.Begin
	if begin == nil {
		begin = func(ctx context.Context, _ *http.Request) (context.Context, func(int, error)) {
			return ctx, func(int, error) {}
		}
	}
	return &Client{begin: begin, allow: o.Allow, open: o.Transport != nil, http: &http.Client{
		Transport: transport, Timeout: cmp.Or(o.Timeout, Timeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func newTransport(allow []netip.Prefix) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	dialer := &net.Dialer{Timeout: connectTimeout, Control: guard(allow)}
	t.DialContext = dialer.DialContext
	t.TLSHandshakeTimeout = connectTimeout
	t.MaxResponseHeaderBytes = maxHeader
	return t
}

// guard refuses the addresses that a name has led to, after it was resolved, so
// that a name cannot lead elsewhere in between.
func guard(allow []netip.Prefix) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if permitted(at.Addr(), allow) {
			return nil
		}
		return ErrPrivate
	}
}

func permitted(ip netip.Addr, allow []netip.Prefix) bool {
	ip = ip.Unmap().WithZone("")
	return isPublic(ip) || slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// reserved are networks that no provider on the Internet has, beyond those that
// netip knows (RFC 6890); 2002::/16 and 2001::/32 are ways into IPv4 networks.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
}

var (
	// assigned is all of IPv6 that the Internet routes (RFC 4291, 2.4).
	assigned = netip.MustParsePrefix("2000::/3")
	// translated is how a network without IPv4 reaches it (RFC 6052, 2.1): its last
	// four octets are where the way leads.
	translated = netip.MustParsePrefix("64:ff9b::/96")
)

func isPublic(ip netip.Addr) bool {
	if translated.Contains(ip) {
		octets := ip.As16()
		ip = netip.AddrFrom4([4]byte(octets[12:]))
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Is6() && !assigned.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// Do sends a request and reads the whole answer, whatever its status. Errors
// hold no part of the address, whose query may hold a secret, but the host.
func (c *Client) Do(ctx context.Context, r *http.Request) (*Answer, error) {
	ctx, end := c.begin(ctx, r)
	answer, status, err := c.do(r.WithContext(ctx))
	end(status, err)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", r.URL.Host, err)
	}
	return answer, nil
}

// do gives the status also of an answer that is refused.
func (c *Client) do(r *http.Request) (_ *Answer, status int, _ error) {
	if !c.mayAsk(r.URL.Hostname()) {
		return nil, 0, ErrPrivate
	}
	got, err := c.http.Do(r)
	if err != nil {
		return nil, 0, unaddressed(err)
	}
	defer func() { _ = got.Body.Close() }()
	if isRedirect(got.StatusCode) {
		return nil, got.StatusCode, ErrRedirect
	}
	body, err := io.ReadAll(io.LimitReader(got.Body, MaxAnswer+1))
	switch {
	case err != nil:
		return nil, got.StatusCode, err
	case len(body) > MaxAnswer:
		return nil, got.StatusCode, ErrTooLong
	}
	return &Answer{Status: got.StatusCode, Header: got.Header, Body: body}, got.StatusCode, nil
}

// Outcome says in a word how an exchange ended.
func Outcome(status int, err error) string {
	var late net.Error
	switch {
	case errors.Is(err, ErrRedirect):
		return "redirect"
	case errors.Is(err, ErrTooLong):
		return "too_long"
	case errors.Is(err, ErrPrivate):
		return "private"
	case errors.As(err, &late) && late.Timeout():
		return "timeout"
	case err != nil:
		return "unreachable"
	case status >= 500:
		return "failed"
	case status >= 400:
		return "refused"
	}
	return "answered"
}

// mayAsk refuses the addresses that a URL names as they are before anybody is asked: a
// proxy, which resolves names by itself, would be the one who is dialled.
func (c *Client) mayAsk(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err != nil || c.open || permitted(ip, c.allow)
}

// isRedirect names the redirects of HTTP; 300 and 304 are none.
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

func unaddressed(err error) error {
	if failed := new(url.Error); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
