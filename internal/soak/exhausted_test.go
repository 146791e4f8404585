package soak

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// TestR5ConnectionsThatOthersTookAreWaitedForAndNotPiledUp takes every
// connection that Postgres has while clients ask.
func TestR5ConnectionsThatOthersTookAreWaitedForAndNotPiledUp(t *testing.T) {
	t.Parallel()
	db := newCluster(t, "max_connections=20")
	i := newSite(t, basic, db.url()).serve()
	reader := newClient(i)
	reader.signUp(t, "reader@example.test")
	release := db.exhaust()
	begin := i.usage()
	const clients = 20
	l := reading(t, reader, clients, i)
	most := usage{}
	for end := time.Now().Add(pick(4*time.Second, time.Minute)); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if status := i.status("/livez"); status != http.StatusOK {
			t.Errorf("liveness %d", status)
		}
		if status := i.status("/readyz"); status != http.StatusServiceUnavailable {
			t.Errorf("readiness %d", status)
		}
		most.goroutines = max(most.goroutines, i.usage().goroutines)
	}
	right, refused := l.drain()
	if len(right) > 0 || refused == 0 {
		t.Errorf("without connections %d were answered and %d refused", len(right), refused)
	}
	release()
	back := within(t, "an answer", func() bool {
		times, _ := l.drain()
		return len(times) > 0 && i.status("/readyz") == http.StatusOK
	})
	l.end()
	l.complain()
	// A client's connection is two of them, its request some more; what piles up
	// would grow with the thousands of requests.
	if most.goroutines > begin.goroutines+8*clients {
		t.Errorf("%v goroutines became %v", begin.goroutines, most.goroutines)
	}
	row(t, "R5", "no connection left: %d requests refused, the slowest after %s; goroutines %v, at most %v; back after %s",
		refused, l.longestRefusal(), begin.goroutines, most.goroutines, back.Round(time.Millisecond))
	if *long && l.longestRefusal() > 4*time.Second {
		t.Errorf("refused only after %s", l.longestRefusal())
	}
}

// exhaust takes every connection, those of the instances too. They have none
// when it returns, until release is called.
func (c *cluster) exhaust() (release func()) {
	c.t.Helper()
	var held []*pgx.Conn
	release = func() {
		for _, conn := range held {
			_ = conn.Close(context.Background())
		}
		held = nil
	}
	c.t.Cleanup(release)
	within(c.t, "every connection", func() bool {
		conn, err := pgx.Connect(c.t.Context(), c.url())
		if err == nil {
			held = append(held, conn)
			return false
		}
		ended := 0
		sql := `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'sallyport'`
		if err := held[0].QueryRow(c.t.Context(), sql).Scan(&ended); err != nil {
			c.t.Fatal(err)
		}
		return ended == 0
	})
	return release
}
