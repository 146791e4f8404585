package clientip_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/clientip"
)

func TestAddress(t *testing.T) {
	const full = "2001:0db8:0001:0002:0000:0000:0000:0000"
	tests := []struct {
		name   string
		cfg    clientip.Config
		peer   string
		header http.Header
		want   string
	}{
		{"a direct client", clientip.Config{}, "203.0.113.7:1234", nil, "203.0.113.7"},
		{"IPv6 is cut to /64", clientip.Config{}, "[2001:db8:1:2:3:4:5:6]:1234", nil, full},
		{"IPv6 in full", clientip.Config{IPv6Subnet: 128}, "[2001:db8::1]:1", nil, "2001:0db8:0000:0000:0000:0000:0000:0001"},
		{"IPv6 cut to /56", clientip.Config{IPv6Subnet: 56}, "[2001:db8:1:2ff::1]:1", nil, "2001:0db8:0001:0200:0000:0000:0000:0000"},
		{"IPv4 in IPv6", clientip.Config{}, "[::ffff:203.0.113.7]:1", nil, "203.0.113.7"},
		{"a stranger's header is ignored", clientip.Config{}, "203.0.113.7:1", forwarded("198.51.100.1"), "203.0.113.7"},
		{"a local proxy's header counts", clientip.Config{}, "127.0.0.1:1", forwarded("198.51.100.1"), "198.51.100.1"},
		{"from the right", clientip.Config{}, "10.0.0.1:1", forwarded("1.2.3.4, 198.51.100.1, 10.0.0.9"), "198.51.100.1"},
		{"several header lines", clientip.Config{}, "10.0.0.1:1", forwarded("1.2.3.4", "198.51.100.1"), "198.51.100.1"},
		{"all hops are ours", clientip.Config{}, "10.0.0.1:1", forwarded("10.0.0.3, 10.0.0.2"), "10.0.0.3"},
		{"rubbish in the chain", clientip.Config{}, "10.0.0.1:1", forwarded("unknown"), "10.0.0.1"},
		{"rubbish behind the client", clientip.Config{}, "10.0.0.1:1", forwarded("x, 198.51.100.1"), "198.51.100.1"},
		{"a port is left out", clientip.Config{}, "10.0.0.1:1", forwarded("198.51.100.1:80"), "198.51.100.1"},
		{"a port after IPv6 too", clientip.Config{}, "10.0.0.1:1", forwarded("[2001:db8:1:2::1]:80, [fd00::1]:443"), full},
		{"a zone is rubbish", clientip.Config{}, "10.0.0.1:1", forwarded("[fe80::1%eth0]:80"), "10.0.0.1"},
		{"no header", clientip.Config{}, "127.0.0.1:1", nil, "127.0.0.1"},
		{"nobody trusted", clientip.Config{TrustedProxies: []string{}}, "127.0.0.1:1", forwarded("198.51.100.1"), "127.0.0.1"},
		{"a named proxy", clientip.Config{TrustedProxies: []string{"203.0.113.0/24"}}, "203.0.113.9:1", forwarded("198.51.100.1"), "198.51.100.1"},
		{"naming one leaves out the default", clientip.Config{TrustedProxies: []string{"203.0.113.9"}}, "127.0.0.1:1", forwarded("198.51.100.1"), "127.0.0.1"},
		{"another header", clientip.Config{Headers: []string{"CF-Connecting-IP"}}, "127.0.0.1:1", http.Header{"Cf-Connecting-Ip": {"198.51.100.2"}}, "198.51.100.2"},
		{"the first header that gives one", clientip.Config{Headers: []string{"X-A", "X-B"}}, "127.0.0.1:1", http.Header{"X-A": {"?"}, "X-B": {"198.51.100.3"}}, "198.51.100.3"},
		{"a Unix socket", clientip.Config{}, "@", forwarded("198.51.100.1"), "198.51.100.1"},
		{"a Unix socket without header", clientip.Config{}, "@", nil, ""},
		{"a proxy of ours among the hops", clientip.Config{TrustedProxies: []string{"10.0.0.1", "203.0.113.0/24"}}, "10.0.0.1:1", forwarded("1.2.3.4, 198.51.100.1, 203.0.113.9, 203.0.113.10"), "198.51.100.1"},
		{"hops over several lines, ours last", clientip.Config{}, "10.0.0.1:1", forwarded("1.2.3.4", "198.51.100.1, 10.0.0.5", "10.0.0.6"), "198.51.100.1"},
		{"empty lines and hops", clientip.Config{}, "10.0.0.1:1", forwarded("", " , ,", "198.51.100.1, ,\t", ""), "198.51.100.1"},
		{"IPv6 with brackets and no port", clientip.Config{}, "10.0.0.1:1", forwarded("[2001:db8:1:2::1]"), "10.0.0.1"},
		{"IPv4 in IPv6 as a hop", clientip.Config{}, "10.0.0.1:1", forwarded("::ffff:198.51.100.1"), "198.51.100.1"},
		{"a trusted hop as IPv4 in IPv6", clientip.Config{}, "10.0.0.1:1", forwarded("198.51.100.1, ::ffff:10.0.0.7"), "198.51.100.1"},
		{"a trusted peer as IPv4 in IPv6", clientip.Config{TrustedProxies: []string{"10.0.0.1"}}, "[::ffff:10.0.0.1]:1", forwarded("198.51.100.1"), "198.51.100.1"},
		{"a stranger as IPv4 in IPv6", clientip.Config{}, "[::ffff:203.0.113.7]:1", forwarded("198.51.100.1"), "203.0.113.7"},
		{"a link-local peer with its zone", clientip.Config{IPv6Subnet: 128}, "[fe80::1%eth0]:1", forwarded("198.51.100.1"), "fe80:0000:0000:0000:0000:0000:0000:0001"},
		{"a hop with a zone", clientip.Config{}, "10.0.0.1:1", forwarded("fe80::1%eth0"), "10.0.0.1"},
		{"an obfuscated hop", clientip.Config{}, "10.0.0.1:1", forwarded("198.51.100.1, _hidden"), "10.0.0.1"},
		{"the syntax of Forwarded", clientip.Config{}, "10.0.0.1:1", forwarded("for=198.51.100.1"), "10.0.0.1"},
		{"a number in another form", clientip.Config{}, "10.0.0.1:1", forwarded("0x7f000001"), "10.0.0.1"},
		{"a leading zero", clientip.Config{}, "10.0.0.1:1", forwarded("198.051.100.1"), "10.0.0.1"},
		{"quotes", clientip.Config{}, "10.0.0.1:1", forwarded(`"198.51.100.1"`), "10.0.0.1"},
		{"10,000 hops of a client", clientip.Config{}, "10.0.0.1:1", forwarded(strings.Repeat("1.2.3.4,", 10_000) + "198.51.100.1"), "198.51.100.1"},
		{"10,000 hops of ours", clientip.Config{}, "10.0.0.1:1", forwarded(strings.Repeat("10.0.0.2,", 10_000) + "10.0.0.3"), "10.0.0.2"},
		{"another header from a stranger", clientip.Config{Headers: []string{"CF-Connecting-IP"}}, "203.0.113.7:1", http.Header{"Cf-Connecting-Ip": {"198.51.100.2"}}, "203.0.113.7"},
		{"a header that is not configured", clientip.Config{Headers: []string{"CF-Connecting-IP"}}, "127.0.0.1:1", forwarded("198.51.100.2"), "127.0.0.1"},
		{"a single-valued header sent twice", clientip.Config{Headers: []string{"CF-Connecting-IP"}}, "127.0.0.1:1", http.Header{"Cf-Connecting-Ip": {"198.51.100.2", "198.51.100.3"}}, "198.51.100.3"},
		{"a Unix socket, by its name", clientip.Config{}, "/run/sallyport.sock", forwarded("198.51.100.1"), "198.51.100.1"},
		{"a Unix socket, nobody trusted", clientip.Config{TrustedProxies: []string{}}, "@", forwarded("198.51.100.1"), "198.51.100.1"},
		{"switched off", clientip.Config{Disabled: true}, "203.0.113.7:1", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := clientip.New(tt.cfg)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Address(&http.Request{RemoteAddr: tt.peer, Header: tt.header}); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func forwarded(lines ...string) http.Header { return http.Header{"X-Forwarded-For": lines} }

func TestIgnoredHeadersAreCountedAndToldOnce(t *testing.T) {
	r, err := clientip.New(clientip.Config{})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	r.OnIgnored = func(string) { told++ }
	for range 3 {
		r.Address(&http.Request{RemoteAddr: "203.0.113.7:1", Header: forwarded("1.2.3.4")})
	}
	r.Address(&http.Request{RemoteAddr: "203.0.113.7:1"})
	if r.Ignored() != 3 || told != 1 {
		t.Errorf("%d ignored, told %d times", r.Ignored(), told)
	}
}

func TestBadConfiguration(t *testing.T) {
	for _, c := range []clientip.Config{
		{TrustedProxies: []string{"localhost"}},
		{TrustedProxies: []string{"10.0.0.0/33"}},
		{TrustedProxies: []string{""}},
		{IPv6Subnet: 129},
		{IPv6Subnet: -1},
	} {
		if _, err := clientip.New(c); err == nil {
			t.Errorf("accepted %+v", c)
		}
	}
}

// A client may send as many hops as fit a header; they are not read.
func TestALongChainTakesNoMemory(t *testing.T) {
	r, err := clientip.New(clientip.Config{})
	if err != nil {
		t.Fatal(err)
	}
	req := &http.Request{RemoteAddr: "10.0.0.1:1", Header: forwarded(strings.Repeat("1.2.3.4,", 10_000) + "198.51.100.1")}
	if n := testing.AllocsPerRun(100, func() { r.Address(req) }); n > 4 {
		t.Errorf("%.0f allocations", n)
	}
}

func TestWhatIsResolvedIsToldInWords(t *testing.T) {
	for _, tt := range []struct {
		cfg  clientip.Config
		want string
	}{
		{clientip.Config{}, "X-Forwarded-For counts from loopback and private addresses; IPv6 is cut to /64"},
		{clientip.Config{TrustedProxies: []string{}}, "X-Forwarded-For counts from nobody, so that the peer's own address counts; IPv6 is cut to /64"},
		{clientip.Config{TrustedProxies: []string{"192.0.2.1", "2001:db8::/32"}, Headers: []string{"CF-Connecting-IP", "X-Real-IP"}, IPv6Subnet: 56}, "CF-Connecting-IP, then X-Real-IP counts from 192.0.2.1/32 2001:db8::/32; IPv6 is cut to /56"},
		{clientip.Config{Disabled: true}, "client addresses are neither kept nor used"},
	} {
		r, err := clientip.New(tt.cfg)
		if err != nil || r.String() != tt.want {
			t.Errorf("%+v: %s, %v", tt.cfg, r, err)
		}
	}
}

func FuzzAddressIsNeverTheClientsChoice(f *testing.F) {
	f.Add("1.2.3.4, 5.6.7.8")
	f.Fuzz(func(t *testing.T, header string) {
		r, err := clientip.New(clientip.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Address(&http.Request{RemoteAddr: "203.0.113.7:1", Header: forwarded(header)}); got != "203.0.113.7" {
			t.Errorf("%q gave %q", header, got)
		}
	})
}

// What can never give an address is refused, and who trusts everybody can be told.
func TestWhatHelpsNobodyIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "x forwarded", "x-forwarded-for,cf-connecting-ip", "Forwarded", "forwarded"} {
		if _, err := clientip.New(clientip.Config{Headers: []string{"X-Real-IP", name}}); err == nil {
			t.Errorf("header %q is taken", name)
		}
	}
	for proxies, want := range map[string]bool{"0.0.0.0/0": true, "::/0": true, "10.0.0.0/8": false, "0.0.0.0": false} {
		r, err := clientip.New(clientip.Config{TrustedProxies: []string{"192.0.2.1", proxies}})
		if err != nil || r.TrustsEverybody() != want {
			t.Errorf("%s: everybody is trusted: %v, want %v (%v)", proxies, !want, want, err)
		}
	}
}
