package soak

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestR15ARollingRestartFailsNoRequest restarts two instances in turn behind a
// balancer that asks for their readiness. In the middle the database is migrated
// to what a later version would have, so that the instances go on with tables
// that are newer than they are.
func TestR15ARollingRestartFailsNoRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t, basic+pick("server: {timeouts: {drain: 2s}}\n", ""), "")
	instances := []*instance{s.serve(), s.serve()}
	b := newBalancer(t, len(instances))
	for place, i := range instances {
		b.put(place, i)
	}
	within(t, "readiness", func() bool { return b.isReady(0) && b.isReady(1) })
	l := newLoad(t)
	beginVisits(t, l, b)
	restarts, requests := pick(3, 20), pick(200, 20_000)
	begin := time.Now()
	for n := range restarts {
		if n == restarts/2 {
			migrateAhead(t, s)
		}
		place := n % len(instances)
		instances[place].stop()
		instances[place] = s.serve()
		b.put(place, instances[place])
		within(t, "readiness behind the balancer", func() bool { return b.isReady(place) })
	}
	within(t, "the number of requests", func() bool { return l.right() >= requests })
	l.end()
	l.complain()
	times, refused := l.drain()
	if refused > 0 {
		t.Errorf("%d requests failed", refused)
	}
	row(t, "R15", "%d restarts in turn, one migration ahead: %d requests, %d failed, p99 %s (%s)",
		restarts, len(times)+refused, refused, percentile(times, 0.99), time.Since(begin).Round(time.Second))
	s.run("migrate", "status")
	s.run("migrate", "up")
}

// beginVisits sets readers, and somebody who signs up and in, to work behind the
// balancer.
func beginVisits(t *testing.T, l *load, b *balancer) {
	t.Helper()
	front := &instance{url: b.url}
	reader := newClient(front)
	reader.signUp(t, "reader@example.test")
	readers := []*client{reader, reader.on(front), reader.on(front)}
	l.begin(len(readers), pick(20*time.Millisecond, 15*time.Millisecond), func(n, _ int) {
		a := readers[n].get("/get-session")
		l.take("get-session", a, a.ok("reader@example.test"))
	})
	l.begin(1, 200*time.Millisecond, func(_, round int) {
		c := newClient(front)
		defer c.http.CloseIdleConnections()
		email := fmt.Sprintf("new%d@example.test", round)
		a := c.post("/sign-up/email", credentials(email))
		l.take("sign-up", a, a.ok(email))
		a = c.post("/sign-out", map[string]any{})
		l.take("sign-out", a, a.ok("true"))
	})
}

// migrateAhead does what migrations of a later version may do: it adds, and
// changes nothing that is there.
func migrateAhead(t *testing.T, s *site) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range []string{
		`alter table "user" add column "later" text`,
		`alter table "session" add column "later" integer not null default 7`,
		`create table sallyport.later (id bigint primary key)`,
		`insert into sallyport.migrations (version_id, is_applied) values (9001, true)`,
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}
