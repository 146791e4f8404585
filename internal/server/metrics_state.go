package server

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// number is a metric that another room keeps, read when somebody asks.
type number struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	// read gives the value; it is not known where known is false.
	read func() (value float64, known bool)
}

func gauge(name, help string, read func() (float64, bool)) number {
	return number{prometheus.NewDesc(name, help, nil, nil), prometheus.GaugeValue, read}
}

func counter(name, help string, read func() (float64, bool)) number {
	return number{prometheus.NewDesc(name, help, nil, nil), prometheus.CounterValue, read}
}

// always makes a reading of a number that is known at any time.
func always[N int | int32 | int64](read func() N) func() (float64, bool) {
	return func() (float64, bool) { return float64(read()), true }
}

// moment makes a reading of a time; a zero one is not known.
func moment(read func() time.Time) func() (float64, bool) {
	return func() (float64, bool) {
		t := read()
		return float64(t.UnixMilli()) / 1000, !t.IsZero()
	}
}

// numbers is a collector of them.
type numbers []number

// Describe names them all.
func (n numbers) Describe(to chan<- *prometheus.Desc) {
	for i := range n {
		to <- n[i].desc
	}
}

// Collect gives those that are known.
func (n numbers) Collect(to chan<- prometheus.Metric) {
	for i := range n {
		if value, known := n[i].read(); known {
			to <- prometheus.MustNewConstMetric(n[i].desc, n[i].kind, value)
		}
	}
}

// gauges reads numbers of other rooms, none of which asks the database.
func (s *Server) gauges() numbers {
	passwords := s.Auth.Passwords
	all := numbers{
		gauge("sallyport_password_hashes_waiting", "Passwords that wait for a hashing slot.", always(passwords.Waiting)),
		gauge("sallyport_password_hashes_running", "Passwords being hashed.", always(passwords.Running)),
		counter("sallyport_untrusted_forwarded_requests_total", "Requests whose forwarded header came from a peer that is no trusted proxy.", always(s.addresses.Ignored)),
	}
	if s.keys == nil {
		return all
	}
	return append(all,
		gauge("sallyport_signing_key_created_timestamp_seconds", "When the key was made that signs tokens now.", moment(func() time.Time { return s.keys().Created })),
		gauge("sallyport_signing_key_end_timestamp_seconds", "When the key that signs now stops, and its successor takes over.", moment(func() time.Time { return s.keys().Ends })),
		gauge("sallyport_signing_keys_published", "Keys in the key set.", always(func() int { return s.keys().Published })),
	)
}

// pool reads the numbers of the pool of connections.
func (s *Server) pool() numbers {
	of := func(read func(*pgxpool.Stat) int64) func() (float64, bool) {
		return always(func() int64 { return read(s.store.Pool().Stat()) })
	}
	return numbers{
		gauge("sallyport_database_connections_in_use", "Connections to Postgres in use.", of(func(p *pgxpool.Stat) int64 { return int64(p.AcquiredConns()) })),
		gauge("sallyport_database_connections_idle", "Connections to Postgres that wait for work.", of(func(p *pgxpool.Stat) int64 { return int64(p.IdleConns()) })),
		gauge("sallyport_database_connections_max", "Most connections to Postgres at once.", of(func(p *pgxpool.Stat) int64 { return int64(p.MaxConns()) })),
		counter("sallyport_database_connections_opened_total", "Connections to Postgres opened.", of((*pgxpool.Stat).NewConnsCount)),
		counter("sallyport_database_acquires_total", "Times that work got a connection.", of((*pgxpool.Stat).AcquireCount)),
		counter("sallyport_database_acquires_delayed_total", "Times that work had to wait for a connection, as none was idle.", of((*pgxpool.Stat).EmptyAcquireCount)),
		counter("sallyport_database_acquires_abandoned_total", "Times that work waited for a connection in vain.", of((*pgxpool.Stat).CanceledAcquireCount)),
		counter("sallyport_database_acquire_wait_seconds_total", "Time that work waited for connections, as none was idle.", func() (float64, bool) {
			return s.store.Pool().Stat().EmptyAcquireWaitTime().Seconds(), true
		}),
	}
}

// metrics show what is open on the public listener, and what was not let in or not
// kept.
func (c *connections) metrics() numbers {
	turnedAway := func(which string, read func() int64) number {
		return number{prometheus.NewDesc("sallyport_connections_turned_away_total", "Connections closed because too many were open.",
			nil, prometheus.Labels{"which": which}), prometheus.CounterValue, always(read)}
	}
	return numbers{
		gauge("sallyport_connections", "Connections open on the public listener.", always(func() int { open, _, _ := c.numbers(); return open })),
		turnedAway("waiting", func() int64 { _, dropped, _ := c.numbers(); return dropped }),
		turnedAway("new", func() int64 { _, _, refused := c.numbers(); return refused }),
	}
}
