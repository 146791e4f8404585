package soak

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// TestR6ASlowDatabasePilesNothingUp holds statements in the database itself,
// then slows every round trip to it, then lets it fall silent.
func TestR6ASlowDatabasePilesNothingUp(t *testing.T) {
	t.Parallel()
	const clients, timeout = 20, 2 * time.Second
	wire := &authtest.Wire{}
	direct := pgtest.URL(t)
	i := newSite(t, basic+"server: {timeouts: {request: 2}}\n", wire.Lay(t, direct)).serve()
	reader := newClient(i)
	reader.signUp(t, "reader@example.test")
	begin := i.usage()
	endsInPostgres(t, reading(t, reader, clients, i), direct, timeout)

	l := reading(t, reader, clients, i)
	most := func(during time.Duration) (u usage) {
		for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			now := i.usage()
			u.goroutines, u.connections = max(u.goroutines, now.goroutines), max(u.connections, now.connections)
		}
		return u
	}
	bounded := func(what string, u usage) {
		t.Helper()
		// The ten connections of the pool may be seen twice: what is in use and what
		// is idle are two numbers.
		if u.goroutines > begin.goroutines+8*clients || u.connections > 20 {
			t.Errorf("%s: from %+v to %+v", what, begin, u)
		}
	}
	wire.Delay(200 * time.Millisecond)
	little := most(pick(3*time.Second, 20*time.Second))
	bounded("a little slow", little)
	right, refused := l.drain()
	if len(right) == 0 {
		t.Error("a database that is a little slow answers nobody")
	}
	row(t, "R6", "+200 ms: %d right answers (p50 %s, p99 %s), %d refused; goroutines %v, at most %v",
		len(right), percentile(right, 0.5), percentile(right, 0.99), refused, begin.goroutines, little.goroutines)

	wire.Delay(5 * time.Second)
	time.Sleep(timeout) // for what was under way
	l.drain()
	much := most(pick(4*time.Second, 20*time.Second))
	bounded("very slow", much)
	right, refused = l.drain()
	if len(right) > 0 || refused == 0 {
		t.Errorf("very slow: %d were answered, %d refused", len(right), refused)
	}
	row(t, "R6", "+5 s: %d refused, the slowest after %s of which %s are the request's own time; goroutines at most %v, connections %v",
		refused, l.longestRefusal(), timeout, much.goroutines, much.connections)
	if *long && l.longestRefusal() > timeout+2*time.Second {
		t.Errorf("refused only after %s", l.longestRefusal())
	}

	wire.Delay(0)
	again := func() { within(t, "answers again", func() bool { times, _ := l.drain(); return len(times) > 0 }) }
	again()
	wire.Stall()
	time.Sleep(timeout) // for what was under way
	l.drain()
	silent := most(pick(3*time.Second, 20*time.Second))
	bounded("silent", silent)
	right, refused = l.drain()
	if len(right) > 0 || refused == 0 {
		t.Errorf("silent: %d were answered, %d refused", len(right), refused)
	}
	wire.Mend()
	again()
	row(t, "R6", "every packet lost: %d refused, the slowest after %s; goroutines at most %v", refused, l.longestRefusal(), silent.goroutines)
	l.end()
	l.complain()
}

// endsInPostgres holds what the clients ask for, ends them, and sees the
// statements end too, although nobody has given them what they wait for.
func endsInPostgres(t *testing.T, l *load, url string, timeout time.Duration) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), `begin; lock table session in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	// Each look is a new transaction elsewhere: one sees the activity but once.
	look, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = look.Close(t.Context()) }()
	waiting := func() (n int) {
		sql := `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
		if err := look.QueryRow(t.Context(), sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	most := 0
	for end := time.Now().Add(timeout + time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		most = max(most, waiting())
	}
	l.end()
	l.complain()
	left := within(t, "the end of every statement", func() bool { return waiting() == 0 })
	if most == 0 || most > 10 {
		t.Errorf("%d statements waited at once, want some and no more than the pool has connections", most)
	}
	row(t, "R6", "statements held in Postgres: at most %d waited at once; the last ended %s after the last client went", most, left.Round(time.Millisecond))
}
