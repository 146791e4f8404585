package soak

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// TestR8AClockThatIsOffKeepsTheInstanceOut moves the clock of one of two
// instances.
func TestR8AClockThatIsOffKeepsTheInstanceOut(t *testing.T) {
	t.Parallel()
	right := authtest.New(t, authtest.Starter)
	off := authtest.New(t, authtest.Starter, authtest.Beside(right))
	ready := func(s *authtest.Server) answer {
		return (&client{url: s.URL, http: http.DefaultClient}).ask(t.Context(), http.MethodGet, "/readyz", nil)
	}
	for _, by := range []time.Duration{5 * time.Minute, -5 * time.Minute} {
		off.Clock.Advance(by)
		if a := ready(off); !a.refused() || !strings.Contains(a.text, by.String()) {
			t.Errorf("%s off: %s", by, a)
		}
		if a := ready(right); !a.ok("ok") {
			t.Errorf("the other: %s", a)
		}
		off.Clock.Advance(-by)
		if a := ready(off); !a.ok("ok") {
			t.Errorf("right again: %s", a)
		}
	}
	off.Clock.Advance(2100 * time.Millisecond)
	before := strings.Count(off.Log.String(), "set both by NTP")
	for range 3 {
		if a := ready(off); !a.ok("ok") {
			t.Errorf("2.1 s off: %s", a)
		}
	}
	if n := strings.Count(off.Log.String(), "set both by NTP") - before; n != 1 {
		t.Errorf("2.1 s off: told %d times", n)
	}
	row(t, "R8", "5 min ahead and behind: not ready, and the difference named; 2.1 s: ready, one warning")
}
