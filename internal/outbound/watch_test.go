package outbound_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// Whoever watches hears of every exchange once, with the status that there was and
// a word for how it ended.
func TestExchangesAreWatched(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/long":
			_, _ = w.Write([]byte(strings.Repeat("x", outbound.MaxAnswer+1)))
		case "/slow":
			<-r.Context().Done()
		case "/500":
			w.WriteHeader(http.StatusInternalServerError)
		case "/401":
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(server.Close)
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for _, c := range []struct {
		address string
		allow   []netip.Prefix
		status  int
		want    string
	}{
		{server.URL, loopback, 200, "answered"},
		{server.URL + "/401", loopback, 401, "refused"},
		{server.URL + "/500", loopback, 500, "failed"},
		{server.URL + "/redirect", loopback, 302, "redirect"},
		{server.URL + "/long", loopback, 200, "too_long"},
		{server.URL + "/slow", loopback, 0, "timeout"},
		{server.URL, nil, 0, "private"},
		{"http://127.0.0.1:1", loopback, 0, "unreachable"},
	} {
		var heard []string
		client := outbound.New(outbound.Options{Allow: c.allow, Timeout: 300 * time.Millisecond, Begin: func(ctx context.Context, r *http.Request) (context.Context, func(int, error)) {
			return ctx, func(status int, err error) {
				if status != c.status {
					t.Errorf("%s: the status is %d, want %d", r.URL, status, c.status)
				}
				heard = append(heard, outbound.Outcome(status, err))
			}
		}})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Do(t.Context(), r)
		if (err == nil) != (c.want == "answered" || c.want == "refused" || c.want == "failed") || len(heard) != 1 || heard[0] != c.want {
			t.Errorf("%s: heard %v of %v, want %s", c.address, heard, err, c.want)
		}
	}
}
