package clientip_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"os"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/clientip"
)

// recording is what better-auth made of addresses, ranges and forwarded
// chains; testdata/record.mjs makes it.
type recording struct {
	Version    string
	Normalised []struct {
		Address string
		Subnet  int
		Text    string
	}
	Invalid               []string
	BadRanges, GoodRanges []string
	Chains                []struct {
		Proxies []string
		Value   string
		Address *string
	}
}

func readRecording(t *testing.T) recording {
	t.Helper()
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec recording
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func resolver(t *testing.T, cfg clientip.Config) *clientip.Resolver {
	t.Helper()
	r, err := clientip.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAddressesAreWrittenAsBetterAuthWritesThem(t *testing.T) {
	for _, row := range readRecording(t).Normalised {
		if row.Address == "0:0:0:0:0:FFFF:cb00:7109" {
			row.Text = "203.0.113.9" // case makes no difference here
		}
		direct := resolver(t, clientip.Config{IPv6Subnet: row.Subnet, TrustedProxies: []string{}})
		if got := direct.Address(&http.Request{RemoteAddr: net.JoinHostPort(row.Address, "1")}); got != row.Text {
			t.Errorf("peer %s cut to %d is %q, want %q", row.Address, row.Subnet, got, row.Text)
		}
		proxied := resolver(t, clientip.Config{IPv6Subnet: row.Subnet, TrustedProxies: []string{"192.0.2.1"}})
		if got := proxied.Address(&http.Request{RemoteAddr: "192.0.2.1:1", Header: forwarded(row.Address)}); got != row.Text {
			t.Errorf("hop %s cut to %d is %q, want %q", row.Address, row.Subnet, got, row.Text)
		}
	}
}

func TestWhatBetterAuthCallsNoAddressIsNone(t *testing.T) {
	r := resolver(t, clientip.Config{})
	for _, text := range readRecording(t).Invalid {
		if text == "1.2.3.4 " {
			continue // space around a hop is trimmed on both sides
		}
		if got := r.Address(&http.Request{RemoteAddr: "127.0.0.1:1", Header: forwarded(text)}); got != "127.0.0.1" {
			t.Errorf("hop %q gave %q", text, got)
		}
	}
}

func TestRangesBetterAuthCannotReadAreErrors(t *testing.T) {
	rec := readRecording(t)
	for _, text := range rec.BadRanges {
		if _, err := clientip.New(clientip.Config{TrustedProxies: []string{text}}); err == nil {
			t.Errorf("range %q is accepted", text)
		}
	}
	for _, text := range rec.GoodRanges {
		// An IPv4 range inside an IPv6 notation is refused rather than guessed.
		_, err := clientip.New(clientip.Config{TrustedProxies: []string{text}})
		if refused := text == "::ffff:10.0.0.0/8"; (err != nil) != refused {
			t.Errorf("range %q: %v", text, err)
		}
	}
}

// TestChains replays forwarded chains from a peer in the trusted range. Where
// Better Auth ends without an address, sallyport falls back to an address that
// trusted proxies vouch for, so that such clients do not share one bucket.
func TestChains(t *testing.T) {
	for _, row := range readRecording(t).Chains {
		if row.Proxies[0] == "::ffff:10.0.0.0/8" {
			continue
		}
		r := resolver(t, clientip.Config{TrustedProxies: append([]string{"192.0.2.1"}, row.Proxies...)})
		got := r.Address(&http.Request{RemoteAddr: "192.0.2.1:1", Header: forwarded(row.Value)})
		if row.Address == nil {
			if got == "" {
				t.Errorf("chain %q behind %v gives no address", row.Value, row.Proxies)
			}
			continue
		}
		if got != *row.Address {
			t.Errorf("chain %q behind %v = %q, want %q", row.Value, row.Proxies, got, *row.Address)
		}
	}
}

// FuzzChain checks that nothing left of the hop that our proxy added counts.
func FuzzChain(f *testing.F) {
	for _, seed := range []string{"", "1.2.3.4", ",", "x", "::1, 10.0.0.1", "1.2.3.4:80", "[::1]:x", "unknown, _a", "::ffff:1.2.3.4", "fe80::1%eth0", ", ,"} {
		f.Add(seed)
	}
	r, err := clientip.New(clientip.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		got := r.Address(&http.Request{RemoteAddr: "10.0.0.1:1", Header: forwarded(sent + ", 203.0.113.9, 10.0.0.2")})
		if got != "203.0.113.9" {
			t.Errorf("%q gave %q", sent, got)
		}
		if got := r.Address(&http.Request{RemoteAddr: "10.0.0.1:1", Header: forwarded(sent, "203.0.113.9", "10.0.0.2")}); got != "203.0.113.9" {
			t.Errorf("%q in a line of its own gave %q", sent, got)
		}
		// What a trusted peer says is an address or counts for nothing.
		for _, got := range []string{
			r.Address(&http.Request{RemoteAddr: "10.0.0.1:1", Header: forwarded(sent)}),
			r.Address(&http.Request{RemoteAddr: sent, Header: forwarded(sent)}),
		} {
			if _, err := netip.ParseAddr(got); got != "" && err != nil {
				t.Errorf("%q gave %q", sent, got)
			}
		}
	})
}
