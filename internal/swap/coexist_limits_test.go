package swap

import (
	"net/http"
	"slices"
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

// With counters in the database a limit is one for both sides together. Where the
// machine is so busy that the database is late, sallyport counts for itself, as it
// should, and says so: then that is tried again.
func TestBothSidesCountRequestsTogether(t *testing.T) {
	t.Parallel()
	for tries := 1; ; tries++ {
		s := newSite(t, sharedHost(t), "", `"rateLimit": {"enabled": true, "storage": "database", "customRules": {"/ok": {"window": 3600, "max": 100}}}`)
		s.startTheirs(t)
		log := s.startOurs(t).Log
		var through []int
		for _, from := range []string{"203.0.113.7", "2001:db8::7"} {
			through = append(through, passed(t, s, from, "/ok", 60), passed(t, s, from, "/ok", 60))
		}
		if log.Contains("counted in this process alone") && tries < 3 {
			continue
		}
		if !slices.Equal(through, []int{60, 40, 60, 40}) {
			t.Errorf("of 60, further 60, and those of another address, %v are let through", through)
		}
		if n := s.count(`select count(*) from "rateLimit"`); n != 2 {
			t.Errorf("%d counters for two addresses", n)
		}
		return
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
