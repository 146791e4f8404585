package server

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/mail"
)

const (
	// glanceEvery is how often the database is asked at most, however many scrape.
	glanceEvery = 5 * time.Second
	// glanceWait is how long a scrape waits for an answer; then it tells what was
	// known before.
	glanceWait = 500 * time.Millisecond
)

// glance is what metrics tell of the database's side. It asks when somebody
// scrapes, one question at a time.
type glance struct {
	clocks   func(context.Context) (skew *time.Duration, err error)
	outbox   func(context.Context) (mail.State, error)
	stopping func() bool
	now      func() time.Time

	mu     sync.Mutex
	asked  time.Time // by the stopwatch
	answer chan struct{}
	last   seen
}

func (s *Server) glance(ready *readiness) *glance {
	return &glance{clocks: ready.clocks, outbox: s.Outbox.State, stopping: ready.stopping, now: s.clock.now}
}

// seen is what a glance has seen last. What could not be read again stays.
type seen struct {
	up, ready bool
	skew      *time.Duration
	outbox    *mail.State
}

// look gives what is known, after a glance where the last is too long ago.
func (g *glance) look() seen {
	select {
	case <-g.ask():
	case <-time.After(glanceWait):
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// ask begins to ask, unless that was done lately, and gives what is closed when
// the answer is there.
func (g *glance) ask() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.answer == nil || time.Since(g.asked) >= glanceEvery && isClosed(g.answer) {
		g.asked, g.answer = time.Now(), make(chan struct{})
		go g.read(g.answer)
	}
	return g.answer
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// read asks the database. It ends in time, whatever the database does.
func (g *glance) read(answered chan<- struct{}) {
	defer close(answered)
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	skew, err := g.clocks(ctx)
	outbox, errOutbox := g.outbox(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last.ready, g.last.up = err == nil, skew != nil
	if skew != nil {
		g.last.skew = skew
	}
	if errOutbox == nil {
		g.last.outbox = &outbox
	}
}

var (
	readyDesc   = prometheus.NewDesc("sallyport_ready", "Whether this instance is ready for requests.", nil, nil)
	upDesc      = prometheus.NewDesc("sallyport_database_up", "Whether Postgres answered when it was last asked.", nil, nil)
	skewDesc    = prometheus.NewDesc("sallyport_clock_skew_seconds", "How far this machine's clock is ahead of the database's.", nil, nil)
	waitingDesc = prometheus.NewDesc("sallyport_messages_waiting", "Messages in the outbox.", nil, nil)
	oldestDesc  = prometheus.NewDesc("sallyport_messages_oldest_age_seconds", "Age of the message that waits longest, 0 where none waits.", nil, nil)
	givenUpDesc = prometheus.NewDesc("sallyport_messages_given_up", "Messages that were given up in the last 7 days.", nil, nil)
)

// Describe names what a glance tells.
func (g *glance) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{readyDesc, upDesc, skewDesc, waitingDesc, oldestDesc, givenUpDesc} {
		to <- d
	}
}

// Collect gives what is known. Until the database has answered once, that is
// only that it has not.
func (g *glance) Collect(to chan<- prometheus.Metric) {
	s := g.look()
	tell := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	tell(readyDesc, oneIf(s.ready && !g.stopping()))
	tell(upDesc, oneIf(s.up))
	if s.skew != nil {
		tell(skewDesc, s.skew.Seconds())
	}
	if s.outbox != nil {
		tell(waitingDesc, float64(s.outbox.Waiting))
		tell(oldestDesc, s.age(g.now()).Seconds())
		tell(givenUpDesc, float64(s.outbox.GivenUp))
	}
}

func (s seen) age(now time.Time) time.Duration {
	if s.outbox.Waiting == 0 {
		return 0
	}
	return max(0, now.Sub(s.outbox.Oldest))
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
