package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestABalancerDealsInTurnAndTellsTheAddress(t *testing.T) {
	servers := []*endpoints{{}, {}}
	var addresses []string
	for _, e := range servers {
		s := httptest.NewServer(e)
		t.Cleanup(s.Close)
		addresses = append(addresses, s.Listener.Addr().String())
	}
	front := httptest.NewServer(newBalancer(addresses))
	t.Cleanup(front.Close)
	for range 6 {
		if answer, err := http.Get(front.URL + basePath + "/ok"); err != nil || answer.StatusCode != http.StatusOK || answer.Body.Close() != nil {
			t.Fatal(answer, err)
		}
	}
	for i, e := range servers {
		if e.hits.Load() != 3 || e.addressed.Load() != 3 {
			t.Errorf("server %d got %d of 6 requests, %d with an address", i, e.hits.Load(), e.addressed.Load())
		}
	}
}

func TestInstancesAreMeasuredBehindABalancer(t *testing.T) {
	s, _ := loaded(t, authtest.Starter)
	instance := self(t, ours)
	instance.database = s.Database
	b := &bench{
		options: options{rounds: 1, duration: 10 * time.Millisecond}, report: &report{out: t.Output()},
		subjects: []subject{instance},
	}
	if err := b.instances(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(b.results.Rows) != 6 {
		t.Errorf("%d rows", len(b.results.Rows))
	}
	for _, r := range b.results.Rows {
		if r.cell("one instance").Ratio == nil || r.cell(twoInstances).Value.Low <= 0 || r.Target != nil {
			t.Errorf("row %+v", r)
		}
	}
}

func TestAnInstanceCountsWithItsBalancer(t *testing.T) {
	r, stop, err := startBalanced(t.Context(), self(t, ours), 2)
	defer stop()
	if err != nil {
		t.Fatal(err)
	}
	if pids := r.processes(); len(pids) != 2 {
		t.Errorf("the processor time is that of %v", pids)
	}
}

func TestNobodyToBalanceIsAnError(t *testing.T) {
	if err := (&bench{}).instances(t.Context()); err == nil {
		t.Error("no error")
	}
}
