package server

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store/db"
	"github.com/sallyport-auth/sallyport/internal/sweep"
	"github.com/sallyport-auth/sallyport/internal/throttle"
)

// keepExpired is how long expired rows stay, so that instances whose clocks
// differ agree, and whoever comes late hears that a link has expired.
const keepExpired = time.Hour

// newSweeper makes what deletes expired rows while the server runs.
func (s *Server) newSweeper(d Deps) (*sweep.Sweeper, error) {
	m := newSweepMetrics(s.metrics.registry)
	return sweep.New(sweep.Options{
		Store: s.store, Tables: s.sweepTables(), Now: d.Now, Rand: rand.Reader, Log: d.Log, Pace: d.Sweep,
		Swept: m.swept, Ended: func(err error) { m.ended(d.Now(), err) },
	})
}

// sweepTables lists what is swept under the configuration.
func (s *Server) sweepTables() []sweep.Table {
	var tables []sweep.Table
	for _, t := range schema.Expiring {
		if t.Model == "verification" && s.cfg.Verification.DisableCleanup {
			continue
		}
		if rows := s.store.Expiring(t); rows != nil {
			tables = append(tables, sweep.Table{Name: t.Model, Keep: keepExpired + s.lasting(t.Model), Rows: rows})
		}
	}
	for _, p := range s.plugins {
		for _, t := range p.Expiring {
			t.Keep += keepExpired
			tables = append(tables, t)
		}
	}
	return append(tables,
		sweep.Table{Name: "used_link", Keep: keepExpired, Rows: sweep.Query(s.sweepUsedLinks)},
		sweep.Table{Name: "link_cutoff", Keep: keepExpired, Rows: sweep.Query(s.sweepLinkCutoffs)},
		sweep.Table{Name: "attempt", Rows: sweep.Query(s.sweepAttempts)},
		sweep.Table{Name: "known_address", Keep: throttle.KnownFor, Rows: sweep.Query(s.sweepKnownAddresses)},
		sweep.Table{Name: "audit", Keep: s.cfg.Server.Audit.Retention.Std(), Rows: sweep.Query(s.sweepAudit)},
		sweep.Table{Name: "message", Keep: mail.MaxAge + keepExpired, Rows: sweep.Query(s.Outbox.DeleteOld)})
}

// lasting is how long after the field that says so a row of a model ends: a
// counter does when the longest window has passed since its last request.
func (s *Server) lasting(model string) time.Duration {
	if model == schema.RateLimit.Model {
		return s.limiter.Longest()
	}
	return 0
}

func (s *Server) sweepUsedLinks(ctx context.Context, before time.Time, limit int) (int64, error) {
	return s.store.SweepUsedLinks(ctx, db.SweepUsedLinksParams{Before: before, Most: int32(limit)})
}

func (s *Server) sweepLinkCutoffs(ctx context.Context, before time.Time, limit int) (int64, error) {
	return s.store.SweepLinkCutoffs(ctx, db.SweepLinkCutoffsParams{Before: before, Most: int32(limit)})
}

func (s *Server) sweepAttempts(ctx context.Context, before time.Time, limit int) (int64, error) {
	return s.store.SweepAttempts(ctx, db.SweepAttemptsParams{Before: before, Most: int32(limit)})
}

func (s *Server) sweepKnownAddresses(ctx context.Context, before time.Time, limit int) (int64, error) {
	return s.store.SweepKnownAddresses(ctx, db.SweepKnownAddressesParams{Before: before, Most: int32(limit)})
}

// sweepAudit deletes by id, which holds the time.
func (s *Server) sweepAudit(ctx context.Context, before time.Time, limit int) (int64, error) {
	return s.store.SweepAudit(ctx, db.SweepAuditParams{Before: secure.FirstTimeUUID(before), Most: int32(limit)})
}

// sweepMetrics tell of the sweeper.
type sweepMetrics struct {
	rows   *prometheus.CounterVec
	last   prometheus.Gauge
	errors prometheus.Counter
}

func newSweepMetrics(r prometheus.Registerer) *sweepMetrics {
	m := &sweepMetrics{
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_swept_rows_total", Help: "Expired rows deleted by this instance.",
		}, []string{"table"}),
		last: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "sallyport_sweep_last_run_timestamp_seconds", Help: "When this instance last looked for expired rows; 0 for never.",
		}),
		errors: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sallyport_sweep_errors_total", Help: "Searches for expired rows that failed.",
		}),
	}
	r.MustRegister(m.rows, m.last, m.errors)
	return m
}

func (m *sweepMetrics) swept(table string, rows int64) {
	m.rows.WithLabelValues(table).Add(float64(rows))
}

func (m *sweepMetrics) ended(at time.Time, err error) {
	m.last.Set(float64(at.UnixMilli()) / 1000)
	if err != nil {
		m.errors.Inc()
	}
}
