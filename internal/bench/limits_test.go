package main

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestLimits(t *testing.T) {
	s, _ := loaded(t, authtest.Starter)
	b := &bench{options: options{rounds: 1, duration: 20 * time.Millisecond}, report: &report{out: t.Output()}, subjects: []subject{{database: s.Database}}}
	if err := b.limits(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, l := range b.results.Limits {
		if l.Value.Low <= 0 || l.Unit == "" {
			t.Errorf("limit %+v", l)
		}
		names[l.Name] = true
	}
	if len(names) != 11 {
		t.Errorf("%d limits: %v", len(names), names)
	}
}
