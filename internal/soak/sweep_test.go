package soak

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// TestR20CleaningUpDisturbsNobody has two instances delete very many expired
// sessions beside 200 requests a second, with the index for it and without.
func TestR20CleaningUpDisturbsNobody(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{{"migrate", "up"}, {"migrate", "up", "--indexes"}} {
		db := newCluster(t, "shared_buffers=128MB")
		newSite(t, basic, db.url()).run(command...)
		cleaningUp(t, db, len(command) > 2)
		db.server.end(2)
	}
}

func cleaningUp(t *testing.T, db *cluster, indexed bool) {
	t.Helper()
	const config = basic + "baseURL: " + origin + "\nserver: {listen: '127.0.0.1:0'}\n"
	pace := authtest.Sweeping(sweep.Pace{Interval: 5 * time.Second, Pause: pick(time.Millisecond, 0)})
	there := authtest.Beside(&authtest.Server{Database: db.url()})
	instances := []*authtest.Server{authtest.New(t, config, there, pace), authtest.New(t, config, there, pace)}
	reader := newClient(&instance{url: instances[0].URL})
	reader.signUp(t, "reader@example.test")
	// The long form looks at the first two of ten million: the rest is the same for
	// another quarter of an hour.
	expired, seen := pick(20_000, 10_000_000), pick(20_000, 2_000_000)
	db.exec(fmt.Sprintf(`insert into session (id, "expiresAt", token, "updatedAt", "userId")
		select md5(i::text), now() - interval '2 hours', 'old' || i, now(), (select id from "user" limit 1) from generate_series(1, %d) i`, expired))
	db.exec(`vacuum analyze session`)

	const clients, rate = 8, 200
	l := readingAt(t, clients*time.Second/rate, reader, clients, &instance{url: instances[0].URL}, &instance{url: instances[1].URL})
	time.Sleep(pick(time.Second, 5*time.Second))
	l.drain()
	time.Sleep(pick(2*time.Second, 30*time.Second))
	before, _ := l.drain()

	scans := db.ask(`select seq_scan from pg_stat_user_tables where relname = 'session'`)
	begin := time.Now()
	stop := running(instances...)
	atOnce := db.swept(seen)
	took := time.Since(begin)
	during, refused := l.drain()
	stop()
	l.end()
	l.complain()
	if left := db.ask(`select count(*) from session where "expiresAt" < now()`); left > expired-seen || refused > 0 {
		t.Errorf("%d expired sessions are left, and %d requests were refused", left, refused)
	}
	// Where batches are short and the machine is busy none may be seen.
	if atOnce > 1 || *long && atOnce == 0 {
		t.Errorf("%d batches ran at once", atOnce)
	}
	// The table is never read as a whole, but once by each count here.
	if scans = db.ask(`select seq_scan from pg_stat_user_tables where relname = 'session'`) - scans; scans > 3 {
		t.Errorf("the table was read as a whole %d times", scans)
	}
	used := db.ask(`select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes where indexrelname like 'sallyport%' and relname = 'session'`)
	if (used > 0) != indexed {
		t.Errorf("the index was used %d times", used)
	}
	row(t, "R20", "%d of %d expired sessions, index %t: gone in %s; get-session p99 %s before and %s meanwhile (p50 %s and %s), %d requests",
		seen, expired, indexed, took.Round(time.Second), percentile(before, 0.99), percentile(during, 0.99), percentile(before, 0.5), percentile(during, 0.5), len(during))
	if *long && percentile(during, 0.99) > 2*percentile(before, 0.99)+5*time.Millisecond {
		t.Errorf("p99 %s became %s", percentile(before, 0.99), percentile(during, 0.99))
	}
}

// running has the servers do their work in the background.
func running(servers ...*authtest.Server) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, len(servers))
	for _, s := range servers {
		go func() { ended <- s.Server.Run(ctx) }()
	}
	return func() {
		cancel()
		for range servers {
			<-ended
		}
	}
}

// swept waits until so many sessions are deleted, and tells how many statements
// that delete were seen at once.
func (c *cluster) swept(sessions int) (atOnce int) {
	c.t.Helper()
	deleted, last := 0, time.Now()
	for deleted < sessions {
		atOnce = max(atOnce, c.ask(`select count(*) from pg_stat_activity
			where application_name = 'sallyport' and state = 'active' and query ~ '(delete from|with seen).*session'`))
		if now := c.ask(`select n_tup_del from pg_stat_user_tables where relname = 'session'`); now > deleted {
			deleted, last = now, time.Now()
		}
		if time.Since(last) > 2*patience {
			c.t.Fatalf("%d of %d sessions are deleted, and no more come", deleted, sessions)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return atOnce
}
