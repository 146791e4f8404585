package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Time is synctest's.
func TestARowWaitsForTheLoadOfTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for from, want := range map[float64]time.Duration{0: 0, calmLoad: time.Second, calmLoad + 1: 2 * time.Second, 1000: settleWithin * time.Second} {
			load, begin := from, time.Now()
			err := settle(t.Context(), func() float64 { load--; return load + 1 })
			if waited := time.Since(begin); err != nil || waited != want {
				t.Errorf("at a load of %v it waited %s, want %s: %v", from, waited, want, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := settle(ctx, func() float64 { return busyLoad }); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped: %v", err)
		}
	})
}
