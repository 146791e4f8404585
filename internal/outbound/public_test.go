package outbound

import (
	"net/netip"
	"testing"
)

// What may be asked is asked for here only, as no test may ask it.
func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"140.82.121.3": true, "8.8.8.8": true, "172.15.255.255": true, "172.32.0.1": true, "100.128.0.1": true,
		"2606:4700:4700::1111": true, "2a00:1450:4001:830::200e": true, "2001:4860:4860::8888": true,
		"64:ff9b::8c52:7903": true, "64:ff9b::a00:1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::8c52:7903": false,
		"::1.2.3.4": false, "100::1": false, "4000::1": false, "fec0::1": false, "2001:db8::1": false, "2002:8c52:7903::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != public {
			t.Errorf("%s: %v", address, got)
		}
	}
}
