package swap

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// passed counts the requests of an address that are let through, of n at once.
func passed(t *testing.T, s *site, from, path string, n int) int {
	t.Helper()
	var through, limited atomic.Int64
	authtest.Together(n, func(int) {
		b := s.device()
		b.from = from
		a, err := b.get("", path)
		switch {
		case err == nil && a.status == http.StatusOK:
			through.Add(1)
		case err == nil && a.status == http.StatusTooManyRequests && a.header.Get("X-Retry-After") != "":
			limited.Add(1)
		default:
			t.Errorf("%v: %s answers %d %s", err, a.side, a.status, a.text)
		}
	})
	if through.Load()+limited.Load() != int64(n) {
		t.Errorf("%d of %d are let through and %d limited", through.Load(), n, limited.Load())
	}
	return int(through.Load())
}

// With counters in the database a limit is one for both sides together.
func TestBothSidesCountRequestsTogether(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), "", `"rateLimit": {"enabled": true, "storage": "database", "customRules": {"/ok": {"window": 3600, "max": 100}}}`)
	for _, from := range []string{"203.0.113.7", "2001:db8::7"} {
		if n := passed(t, s, from, "/ok", 60); n != 60 {
			t.Errorf("%d of 60 requests of %s are let through", n, from)
		}
		if n := passed(t, s, from, "/ok", 60); n != 40 {
			t.Errorf("%d of further 60 requests of %s are let through", n, from)
		}
	}
	if n := s.count(`select count(*) from "rateLimit"`); n != 2 {
		t.Errorf("%d counters for two addresses", n)
	}
}

// In memory each side counts for itself.
func TestEachSideCountsInItsMemory(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), "", `"rateLimit": {"enabled": true, "customRules": {"/ok": {"window": 3600, "max": 5}}}`)
	if n := passed(t, s, "203.0.113.7", "/ok", 60); n != 10 {
		t.Errorf("%d requests are let through, want 5 by each side", n)
	}
}
