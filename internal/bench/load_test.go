package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var askJWKS = draft{method: "GET", path: "/jwks", marker: `"keys":`}

func TestACountIsSentExactly(t *testing.T) {
	e := &endpoints{}
	s := httptest.NewServer(e)
	defer s.Close()
	for _, count := range []int{1, 3, 4, 41} {
		e.hits.Store(0)
		l := load{address: s.Listener.Addr().String(), connections: 4, count: count}
		o, err := l.run(t.Context(), []request{askJWKS.to(l.address)})
		if err != nil || o.requests != count || e.hits.Load() != int64(count) {
			t.Errorf("count %d: %d measured, %d sent, %v", count, o.requests, e.hits.Load(), err)
		}
	}
}

func TestWhatMayBeSentOnceIsSentOnce(t *testing.T) {
	e := &endpoints{}
	s := httptest.NewServer(e)
	defer s.Close()
	l := load{address: s.Listener.Addr().String(), connections: 3, duration: time.Minute, once: true}
	r := askJWKS.to(l.address)
	if o, err := l.run(t.Context(), []request{r, r, r, r, r}); err != nil || o.requests != 5 || e.hits.Load() != 5 {
		t.Errorf("%d measured, %d sent, %v", o.requests, e.hits.Load(), err)
	}
}

func TestAWrongAnswerEndsTheRun(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"body":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "null") },
	} {
		s := httptest.NewServer(handler)
		l := load{address: s.Listener.Addr().String(), connections: 2, duration: time.Minute}
		_, err := l.run(t.Context(), []request{askJWKS.to(l.address)})
		if err == nil || !strings.Contains(err.Error(), "GET /api/auth/jwks") {
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
	o, err := l.run(t.Context(), []request{askJWKS.to(l.address)})
	if err != nil || o.requests != 2 || o.refused != 2 {
		t.Errorf("%d answered, %d refused, %v", o.requests, o.refused, err)
	}
}

func TestAConnectionThatTheServerClosesIsOpenedAgain(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		_, _ = io.WriteString(w, `{"keys":[]}`)
	}))
	defer s.Close()
	l := load{address: s.Listener.Addr().String(), connections: 1, count: 3}
	if o, err := l.run(t.Context(), []request{askJWKS.to(l.address)}); err != nil || o.requests != 3 {
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
	if _, err := l.run(ctx, []request{askJWKS.to(l.address)}); err == nil {
		t.Error("no error")
	}
}

func TestSummary(t *testing.T) {
	o := summary([]time.Duration{4, 1, 3, 2}, 2*time.Second)
	if o.p50 != 3 || o.p99 != 4 || o.rate() != 2 {
		t.Errorf("summary %+v", o)
	}
}
