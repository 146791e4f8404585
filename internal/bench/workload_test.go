package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestEveryWorkloadIsMeasured(t *testing.T) {
	s, _ := loaded(t, authtest.Starter)
	all := contest(t, s.Database, &endpoints{}, &endpoints{})
	for _, w := range workloads {
		w.once = min(w.once, 200)
		for _, c := range all {
			if err := warmUp(t.Context(), c, []workload{w}, 4, 10); err != nil {
				t.Fatal(err)
			}
		}
		r, err := compare(t.Context(), w, all, 2, load{connections: 4, duration: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Cells {
			if c.Value.Low <= 0 || c.P50 > c.P99 || c.P99 == 0 {
				t.Errorf("%s: %+v", w.name, c)
			}
		}
		if r.cell("original").Ratio == nil {
			t.Errorf("%s has no ratio", r.Name)
		}
	}
}

// TestTheServerUnderstandsEveryWorkload sends each once to a real one.
func TestTheServerUnderstandsEveryWorkload(t *testing.T) {
	for _, w := range workloads {
		if w.setup != plain {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			s, people := loaded(t, authtest.Starter+"baseURL: "+origin+"\n")
			c := contest(t, s.Database, &endpoints{})[0]
			c.people, c.address = people, strings.TrimPrefix(s.URL, "http://")
			if err := warmUp(t.Context(), c, []workload{w}, 2, 40); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestRequestsAreWellFormed(t *testing.T) {
	for _, d := range []draft{
		{method: "GET", path: "/ok"},
		{method: "GET", path: "/get-session", cookie: "c=v", from: "10.0.0.1"},
		{method: "POST", path: "/sign-out", cookie: "c=v", body: "{}"},
	} {
		r := d.to("127.0.0.1:1")
		parsed, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.raw)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(parsed.Body)
		if err != nil || parsed.Method != d.method || parsed.URL.Path != basePath+d.path || string(body) != d.body || r.status != 200 ||
			parsed.Header.Get("Cookie") != d.cookie || parsed.Header.Get("X-Forwarded-For") != d.from || parsed.Host != "127.0.0.1:1" {
			t.Errorf("%s: %v %q %v", d.path, parsed, body, err)
		}
	}
}

func TestTheMixtureIsWhatItsNameSays(t *testing.T) {
	c := contest(t, "", &endpoints{})[0]
	all, err := mixture(t.Context(), c, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	counts, seen := map[string]int{}, map[string]bool{}
	for _, d := range all {
		counts[d.path]++
		if d.path == "/sign-up/email" && seen[d.body] {
			t.Fatal("somebody signs up twice")
		}
		seen[d.body] = true
	}
	for path, share := range map[string]int{"/get-session": 90, "/token": 5, "/sign-in/email": 3, "/sign-up/email": 2} {
		if got := counts[path]; got < share*80 || got > share*120 {
			t.Errorf("%d of %s in 10,000, want %d", got, path, share*100)
		}
	}
}

func TestWorkloadsOfASetupFollowEachOther(t *testing.T) {
	seen := map[setup]bool{}
	last := setup("")
	for _, w := range workloads {
		if w.setup != last && seen[w.setup] {
			t.Errorf("%s would start its servers once more", w.name)
		}
		seen[w.setup], last = true, w.setup
	}
}

func TestNamesOfRows(t *testing.T) {
	w := workload{name: "work"}
	for n, want := range map[int]string{1: "work, one at a time", usual: "work", 64: "work, 64 at once"} {
		if got := w.under(n); got != want {
			t.Errorf("%d connections: %q", n, got)
		}
	}
}
