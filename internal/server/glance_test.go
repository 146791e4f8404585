package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sallyport-auth/sallyport/internal/mail"
)

// A database that hangs keeps no scrape waiting, and what was known stays.
func TestAGlanceWaitsForNobody(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var hangs atomic.Bool
	skew := time.Second
	started := time.Now()
	g := &glance{
		clocks: func(ctx context.Context) (*time.Duration, error) {
			asked.Add(1)
			if hangs.Load() {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return &skew, nil
		},
		outbox: func(ctx context.Context) (mail.State, error) {
			return mail.State{Waiting: 3, Oldest: started.Add(-time.Minute), GivenUp: 2}, ctx.Err()
		},
		stopping: func() bool { return false }, now: func() time.Time { return started },
	}
	expect := func(ready, up float64) {
		t.Helper()
		want := map[string]float64{
			"sallyport_ready": ready, "sallyport_database_up": up, "sallyport_clock_skew_seconds": 1,
			"sallyport_messages_waiting": 3, "sallyport_messages_oldest_age_seconds": 60, "sallyport_messages_given_up": 2,
		}
		for name, value := range numbersOf(t, g) {
			if want[name] != value {
				t.Errorf("%s is %v, want %v", name, value, want[name])
			}
			delete(want, name)
		}
		if len(want) > 0 {
			t.Errorf("there is no %v", want)
		}
	}
	expect(1, 1)
	hangs.Store(true)
	g.asked = g.asked.Add(-glanceEvery)
	before := time.Now()
	expect(1, 1) // not known to be otherwise yet
	if took := time.Since(before); took < glanceWait || took > glanceWait+time.Second {
		t.Errorf("a scrape took %v", took)
	}
	<-g.answer
	expect(0, 0)
	if n := asked.Load(); n != 2 {
		t.Errorf("it asked %d times", n)
	}
}

// numbersOf gives what a collector of gauges tells.
func numbersOf(t *testing.T, c prometheus.Collector) map[string]float64 {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	r.MustRegister(c)
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, f := range families {
		all[f.GetName()] = f.GetMetric()[0].GetGauge().GetValue()
	}
	return all
}

// Before the database has answered once, nothing is made up.
func TestAGlanceTellsOnlyWhatItKnows(t *testing.T) {
	t.Parallel()
	g := &glance{
		clocks:   func(context.Context) (*time.Duration, error) { return nil, errors.New("away") },
		outbox:   func(context.Context) (mail.State, error) { return mail.State{}, errors.New("away") },
		stopping: func() bool { return false }, now: time.Now,
	}
	if n := testutil.CollectAndCount(g); n != 2 {
		t.Errorf("it tells %d things", n)
	}
}

func BenchmarkMetricsOfARequest(b *testing.B) {
	m := newMetrics()
	x := &exchange{route: "/get-session", status: http.StatusOK, log: slog.New(slog.DiscardHandler)}
	b.ReportAllocs()
	for b.Loop() {
		m.began()
		m.ended(x, http.MethodGet, time.Millisecond)
	}
}
