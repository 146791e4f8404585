package server

import (
	"maps"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// series are the time series of requests of one kind. Looking them up by their
// labels takes a microsecond, ten times as long as counting in them, so they are
// kept. There are few kinds: routes, known methods, and codes that handlers give.
type series struct {
	requests  prometheus.Counter
	durations prometheus.Observer
}

type kind struct {
	route, method string
	code          int
}

// kinds keeps the series. Readers take no lock: the map that they see does not
// change.
type kinds struct {
	writing sync.Mutex
	current atomic.Pointer[map[kind]*series]
}

// seriesOf gives the series of a kind.
func (m *metrics) seriesOf(k kind) *series {
	if known := m.kinds.current.Load(); known != nil {
		if s := (*known)[k]; s != nil {
			return s
		}
	}
	return m.newSeries(k)
}

func (m *metrics) newSeries(k kind) *series {
	m.kinds.writing.Lock()
	defer m.kinds.writing.Unlock()
	next := map[kind]*series{}
	if known := m.kinds.current.Load(); known != nil {
		next = maps.Clone(*known)
	}
	next[k] = &series{
		requests:  m.requests.WithLabelValues(k.route, k.method, strconv.Itoa(k.code)),
		durations: m.durations.WithLabelValues(k.route, k.method),
	}
	m.kinds.current.Store(&next)
	return next[k]
}
