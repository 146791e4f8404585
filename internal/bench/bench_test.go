package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestMain makes the test binary the server of TestStarts.
func TestMain(m *testing.M) {
	if os.Getenv("BENCH_TEST_SERVER") == "" {
		os.Exit(m.Run())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), &endpoints{})
}

// endpoints answers as the measured servers do, as far as the harness looks.
type endpoints struct{ hits atomic.Int64 }

func (e *endpoints) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.hits.Add(1)
	body, _ := io.ReadAll(r.Body)
	signed := strings.Contains(r.Header.Get("Cookie"), "session_token=x.y%3D")
	switch name := strings.TrimPrefix(r.URL.Path, basePath); {
	case name == "/ok", name == "/jwks":
		_, _ = io.WriteString(w, `{"keys":[]}`)
	case name == "/get-session" && signed, name == "/token" && signed:
		_, _ = io.WriteString(w, `{"session":{},"token":""}`)
	case strings.HasPrefix(name, "/sign-") && strings.Contains(string(body), password):
		http.SetCookie(w, &http.Cookie{Name: "session_token", Value: "x.y%3D"})
		_, _ = io.WriteString(w, `{"user":{}}`)
	default:
		http.Error(w, "unexpected", http.StatusTeapot)
	}
}

// contest makes contestants of n local servers.
func contest(t *testing.T, n int) []contestant {
	t.Helper()
	var all []contestant
	for range n {
		s := httptest.NewServer(&endpoints{})
		t.Cleanup(s.Close)
		self, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		c := contestant{running: &running{subject: subject{name: "local"}, address: s.Listener.Addr().String(), cmd: &exec.Cmd{Process: self}}}
		for i := range 3 {
			c.people = append(c.people, person{email: fmt.Sprintf("loaded%d@example.com", i), cookie: "session_token=x.y%3D"})
		}
		all = append(all, c)
	}
	return all
}

func TestEveryWorkloadIsMeasuredAndReported(t *testing.T) {
	all := contest(t, 2)
	l := load{connections: 4, duration: 20 * time.Millisecond}
	var out bytes.Buffer
	p := &report{out: &out, names: []string{"one", "two"}}
	p.head(options{connections: 4, rounds: 2})
	for _, c := range all {
		if err := warmUp(t.Context(), c, l, 30); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range workloads {
		c, err := compare(t.Context(), w, all, 2, l)
		if err != nil {
			t.Fatal(err)
		}
		for i, samples := range c.samples {
			if len(samples) != 2 || samples[0].requests == 0 || samples[0].rate() <= 0 || samples[0].p50 > samples[0].p99 {
				t.Errorf("%s, server %d: %+v", w.name, i, samples)
			}
		}
		p.rates(c)
		if !strings.Contains(out.String(), w.name) {
			t.Errorf("the report does not name %s", w.name)
		}
	}
	p.foot()
	for _, text := range []string{"one", "two", "req/s", "p99", "more requests: x"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the report lacks %q:\n%s", text, &out)
		}
	}
}

func TestACountIsSentExactly(t *testing.T) {
	e := &endpoints{}
	s := httptest.NewServer(e)
	defer s.Close()
	for _, count := range []int{1, 3, 4, 41} {
		e.hits.Store(0)
		l := load{address: s.Listener.Addr().String(), connections: 4, count: count}
		o, err := l.run(t.Context(), workloads[2].requests(l.address, []person{{}}))
		if err != nil || o.requests != count || e.hits.Load() != int64(count) {
			t.Errorf("count %d: %d measured, %d sent, %v", count, o.requests, e.hits.Load(), err)
		}
	}
}

func TestAWrongAnswerEndsTheRun(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"body":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "null") },
	} {
		s := httptest.NewServer(handler)
		l := load{address: s.Listener.Addr().String(), connections: 2, duration: time.Minute}
		_, err := l.run(t.Context(), workloads[0].requests(l.address, []person{{}}))
		if err == nil || !strings.Contains(err.Error(), "GET /api/auth/get-session") {
			t.Errorf("wrong %s: error %v", name, err)
		}
		s.Close()
	}
}

func TestRefusalsAreCountedApart(t *testing.T) {
	var hits atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if hits.Add(1)%2 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"keys":[]}`)
	}))
	defer s.Close()
	l := load{address: s.Listener.Addr().String(), connections: 1, count: 4}
	o, err := l.run(t.Context(), workloads[2].requests(l.address, []person{{}}))
	if err != nil || o.requests != 2 || o.refused != 2 {
		t.Errorf("%d answered, %d refused, %v", o.requests, o.refused, err)
	}
	var out bytes.Buffer
	p := &report{out: &out, names: []string{"one"}}
	p.rates(comparison{name: "x", samples: [][]sample{{{outcome: o}}}})
	if !strings.Contains(out.String(), "one refused 2 requests") {
		t.Errorf("report:\n%s", &out)
	}
}

func TestAConnectionThatTheServerClosesIsOpenedAgain(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = io.WriteString(w, `{"keys":[]}`)
	}))
	defer s.Close()
	l := load{address: s.Listener.Addr().String(), connections: 1, count: 3}
	if o, err := l.run(t.Context(), workloads[2].requests(l.address, []person{{}})); err != nil || o.requests != 3 {
		t.Errorf("%d requests, %v", o.requests, err)
	}
}

func TestAHangingServerEndsWithTheContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	l := load{address: silent.Addr().String(), connections: 2, count: 2}
	if _, err := l.run(ctx, workloads[2].requests(l.address, []person{{}})); err == nil {
		t.Error("no error")
	}
}

func TestRequestsAreWellFormed(t *testing.T) {
	for _, w := range workloads {
		for _, r := range w.requests("127.0.0.1:1", []person{{email: "a@example.com", cookie: "c=v"}}) {
			parsed, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(r.raw)))
			if err != nil {
				t.Fatalf("%s: %v", w.name, err)
			}
			body, err := io.ReadAll(parsed.Body)
			if err != nil || parsed.Method != w.method || (len(body) > 0) != (w.body != nil) || (parsed.Header.Get("Cookie") != "") != w.signed {
				t.Errorf("%s: %s %q %v", w.name, parsed.Method, body, err)
			}
		}
	}
}

func TestStarts(t *testing.T) {
	s := subject{name: "self", dir: t.TempDir(), serve: []string{os.Args[0]}, env: []string{"BENCH_TEST_SERVER=1"}}
	begins, err := compareStarts(t.Context(), []subject{s, s}, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range begins {
		if len(list) != 2 || list[0].took <= 0 {
			t.Errorf("starts %+v", list)
		}
	}
	var out bytes.Buffer
	p := &report{out: &out, names: []string{"one", "two"}}
	p.starts(begins)
	if !strings.Contains(out.String(), "MiB") || !strings.Contains(out.String(), "faster: x") {
		t.Errorf("report:\n%s", &out)
	}
}

func TestAServerThatEndsAtOnceIsAnError(t *testing.T) {
	s := subject{name: "broken", dir: t.TempDir(), serve: []string{"sh", "-c", "echo the reason; exit 1"}}
	if _, err := s.start(t.Context()); err == nil || !strings.Contains(err.Error(), "the reason") {
		t.Errorf("error %v", err)
	}
}

func TestStatistics(t *testing.T) {
	if got := spreadOf([]int{3, 1, 2}); got != (spread[int]{median: 2, low: 1, high: 3}) {
		t.Errorf("spread %+v", got)
	}
	if got := ratios([]float64{10, 30, 20}, []float64{5, 10, 5}, func(v float64) float64 { return v }); got != (spread[float64]{median: 3, low: 2, high: 4}) {
		t.Errorf("ratios %+v", got)
	}
	o := summary([]time.Duration{4, 1, 3, 2}, 2*time.Second)
	if o.p50 != 3 || o.p99 != 4 || o.rate() != 2 {
		t.Errorf("summary %+v", o)
	}
	if !slices.Equal(order(2, 0), []int{0, 1}) || !slices.Equal(order(2, 1), []int{1, 0}) {
		t.Error("rounds are not interleaved")
	}
}

func TestMachine(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc here")
	}
	if rss := residentMemory(os.Getpid()); rss < 1<<20 {
		t.Errorf("resident memory %d", rss)
	}
	for processorTime(os.Getpid()) == 0 {
		_ = strings.Repeat("x", 1<<20) // until the first tick has passed
	}
	if loadAverage() < 0 {
		t.Error("negative load")
	}
}
