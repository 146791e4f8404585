// Package clientip finds out which client a request came from when proxies may
// stand between.
//
// The address is the socket's peer, unless that peer is a trusted proxy; then
// the chain of forwarded addresses is walked from the right, from the proxy
// nearest to us, to the first address that is no trusted proxy. What others
// write into these headers is ignored, so that nobody can choose an address.
package clientip

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/net/http/httpguts"
)

// Config says whom to believe.
type Config struct {
	// Headers may carry the chain; the first that gives an address counts.
	// None means X-Forwarded-For.
	Headers []string
	// TrustedProxies are addresses and CIDR ranges. nil means loopback and the
	// private ranges (RFC 1918, RFC 4193); an empty list means nobody.
	TrustedProxies []string
	// IPv6Subnet is the prefix length to which IPv6 addresses are cut, since
	// one client has at least a whole /64. 0 means 64.
	IPv6Subnet int
	// Disabled makes every address unknown.
	Disabled bool
}

// Resolver finds client addresses.
type Resolver struct {
	headers  []string
	trusted  []netip.Prefix
	subnet   int
	disabled bool
	// byDefault tells that trusted are those that no configuration named.
	byDefault bool
	ignored   atomic.Int64
	// OnIgnored, when set, is called the first time that a forwarded header
	// came from a peer that is no trusted proxy.
	OnIgnored func(peer string)
}

// private are the peers that are trusted unless the configuration names some:
// a proxy on this machine or in the same private network.
var private = []string{"127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}

// New checks the configuration.
func New(c Config) (*Resolver, error) {
	r := &Resolver{headers: c.Headers, subnet: c.IPv6Subnet, disabled: c.Disabled}
	for _, name := range c.Headers {
		if err := checkHeader(name); err != nil {
			return nil, err
		}
	}
	if len(r.headers) == 0 {
		r.headers = []string{"X-Forwarded-For"}
	}
	if r.subnet == 0 {
		r.subnet = 64
	}
	if r.subnet < 0 || r.subnet > 128 {
		return nil, fmt.Errorf("ipv6Subnet must be between 1 and 128, not %d", c.IPv6Subnet)
	}
	proxies := c.TrustedProxies
	if proxies == nil {
		proxies, r.byDefault = private, true
	}
	for _, text := range proxies {
		p, err := parsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trustedProxies: %q is neither an address nor a CIDR range", text)
		}
		r.trusted = append(r.trusted, p)
	}
	return r, nil
}

// checkHeader refuses headers that never give an address, so that all clients
// would be one.
func checkHeader(name string) error {
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return fmt.Errorf("ipAddressHeaders: %q is no name of a header", name)
	case strings.EqualFold(name, "Forwarded"):
		return errors.New("ipAddressHeaders: Forwarded holds more than addresses and is not read; let the proxy send X-Forwarded-For")
	}
	return nil
}

// parsePrefix reads an address or a range. An IPv4 range written inside IPv6 is
// refused: it is not plain what its length counts.
func parsePrefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		p, err := netip.ParsePrefix(text)
		if err == nil && p.Addr().Is4In6() {
			err = errors.New("an IPv4 range inside IPv6")
		}
		return p.Masked(), err
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, errors.New("not an address")
	}
	a = a.Unmap()
	return netip.PrefixFrom(a, a.BitLen()), nil
}

// Address gives the client's address as it is stored: IPv4, or IPv6 as eight
// full groups cut to the subnet; empty when it is unknown.
func (r *Resolver) Address(req *http.Request) string {
	if r.disabled {
		return ""
	}
	peer, known := peerOf(req)
	if known && !r.TrustsAddress(peer) {
		r.note(req, peer)
		return r.text(peer)
	}
	for _, name := range r.headers {
		if a, ok := r.walk(req.Header.Values(name)); ok {
			return r.text(a)
		}
	}
	if !known {
		return ""
	}
	return r.text(peer)
}

// Trusts tells whether a request came straight from a trusted proxy, so that what
// proxies add to a request may be believed.
func (r *Resolver) Trusts(req *http.Request) bool {
	peer, known := peerOf(req)
	return !known || r.TrustsAddress(peer)
}

// TrustsEverybody tells whether any client may choose its own address.
func (r *Resolver) TrustsEverybody() bool {
	return !r.disabled && slices.ContainsFunc(r.trusted, func(p netip.Prefix) bool { return p.Bits() == 0 })
}

// String says in words which address of a request counts.
func (r *Resolver) String() string {
	if r.disabled {
		return "client addresses are neither kept nor used"
	}
	whom := "nobody, so that the peer's own address counts"
	switch {
	case r.byDefault:
		whom = "loopback and private addresses"
	case len(r.trusted) > 0:
		whom = strings.Trim(fmt.Sprint(r.trusted), "[]")
	}
	return fmt.Sprintf("%s counts from %s; IPv6 is cut to /%d", strings.Join(r.headers, ", then "), whom, r.subnet)
}

// Ignored is how many requests came with a forwarded header that nobody
// trusted had written.
func (r *Resolver) Ignored() int64 { return r.ignored.Load() }

// peerOf reads the socket's peer. A request over a Unix socket has none; who
// can open the socket is as near as a proxy.
func peerOf(req *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(host)
	return a.Unmap().WithZone(""), err == nil
}

// TrustsAddress reports whether an address is one of the trusted proxies', behind
// which many clients may be.
func (r *Resolver) TrustsAddress(a netip.Addr) bool {
	for _, p := range r.trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// walk gives the first address from the right that is no trusted proxy, or the
// outermost one where all are. A chain with something else in it before that
// gives none; empty hops do not count. It reads no further than it must, since a
// client may have sent a long chain.
func (r *Resolver) walk(lines []string) (outermost netip.Addr, ok bool) {
	for _, line := range slices.Backward(lines) {
		for rest, more := line, true; more; {
			var hop string
			rest, hop, more = cutLast(rest)
			if hop == "" {
				continue
			}
			if outermost, ok = parseHop(hop); !ok {
				return netip.Addr{}, false
			}
			if !r.TrustsAddress(outermost) {
				return outermost, true
			}
		}
	}
	return outermost, outermost.IsValid()
}

// cutLast splits a chain before its last hop; more is false when that was all.
func cutLast(chain string) (rest, hop string, more bool) {
	i := strings.LastIndexByte(chain, ',')
	return chain[:max(i, 0)], strings.TrimSpace(chain[i+1:]), i >= 0
}

// parseHop reads one address of a chain. Some gateways write the client's port
// too; Better Auth finds no address then, and all clients would be one.
func parseHop(text string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		var withPort netip.AddrPort
		withPort, err = netip.ParseAddrPort(text)
		a = withPort.Addr()
	}
	return a.Unmap(), err == nil && a.Zone() == ""
}

func (r *Resolver) note(req *http.Request, peer netip.Addr) {
	for _, name := range r.headers {
		if len(req.Header.Values(name)) > 0 {
			if r.ignored.Add(1) == 1 && r.OnIgnored != nil {
				r.OnIgnored(peer.String())
			}
			return
		}
	}
}

// text writes an address in the form of the session table.
func (r *Resolver) text(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(r.subnet)
	if err != nil {
		return ""
	}
	b := p.Addr().As16()
	groups := make([]string, 8)
	for i := range groups {
		groups[i] = hex.EncodeToString(b[2*i : 2*i+2])
	}
	return strings.Join(groups, ":")
}
