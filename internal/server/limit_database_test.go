package server_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

const inDatabase = "emailAndPassword: {enabled: true}\nrateLimit: {enabled: true, max: 3, window: 60, storage: database}\n"

// Two instances on one database share a limit.
func TestInstancesShareALimit(t *testing.T) {
	t.Parallel()
	one := authtest.New(t, inDatabase)
	two := authtest.New(t, inDatabase, authtest.Beside(one))
	for i, s := range []*authtest.Server{one, two, one, two, one} {
		want := http.StatusOK
		if i >= 3 {
			want = http.StatusTooManyRequests
		}
		a := from(s, "192.0.2.1", "/ok").Is(want)
		if i >= 3 && a.Header.Get("X-Retry-After") != "60" {
			t.Errorf("request %d: to wait %s s", i, a.Header.Get("X-Retry-After"))
		}
	}
	if n := one.Count(`select count from "rateLimit" where key = '192.0.2.1|/ok'`); n != 3 {
		t.Errorf("%d are counted", n)
	}
}

// The names of a configuration are those of the rows that are written.
func TestNamesReachTheCounters(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "rateLimit: {enabled: true, max: 1, storage: database, modelName: Limits, fields: {key: who, count: times, lastRequest: at}}\n")
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
	from(s, "192.0.2.1", "/ok").Is(http.StatusTooManyRequests)
	if n := s.Count(`select count(*) from "Limits" where who = '192.0.2.1|/ok' and times = 1 and at > 0`); n != 1 {
		t.Errorf("%d rows are as named", n)
	}
}

// While the database is away the same rules count in the process: none passes
// that should not, and the log has one line.
func TestLimitsWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, inDatabase, authtest.Through(wire))
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
	wire.Cut()
	for i := range 10 {
		want := http.StatusOK
		if i >= 3 {
			want = http.StatusTooManyRequests
		}
		from(s, "192.0.2.1", "/ok").Is(want)
	}
	s.Clock.Advance(30 * time.Second)
	from(s, "192.0.2.2", "/ok").Is(http.StatusOK)
	if n := strings.Count(s.Log.String(), "counted in this process alone"); n != 1 {
		t.Errorf("%d lines of the log say so", n)
	}
	wire.Mend()
	s.Clock.Advance(2 * time.Second)
	// The database's own count is at one, and is heard again.
	for _, want := range []int{200, 200, 429} {
		from(s, "192.0.2.1", "/ok").Is(want)
	}
	if n := s.Count(`select count from "rateLimit" where key = '192.0.2.1|/ok'`); n != 3 {
		t.Errorf("%d are counted", n)
	}
}

// A counter that is not answered in time keeps one request waiting, and is
// asked again when a second has passed.
func TestASlowCounterKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, inDatabase, authtest.Through(wire))
	conn, err := pgx.Connect(t.Context(), s.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `lock table "rateLimit" in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	began, before := time.Now(), wire.Statements()
	for i := range 12 {
		want, since := http.StatusOK, time.Now()
		if i >= 3 {
			want = http.StatusTooManyRequests
		}
		from(s, "192.0.2.1", "/ok").Is(want)
		if took := time.Since(since); took > 10*time.Second {
			t.Errorf("request %d took %v", i, took)
		}
	}
	if asked, took := wire.Statements()-before, time.Since(began); asked > 1+int(took.Seconds()) {
		t.Errorf("12 requests in %v asked %d times", took, asked)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := server.Metric(s.Server, "sallyport_rate_limit_unshared_total"); n != 12 {
		t.Errorf("%v are said to be counted in the process", n)
	}
	s.Clock.Advance(2 * time.Second)
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
	if n := s.Count(`select count from "rateLimit"`); n != 1 {
		t.Errorf("%d are counted in the database", n)
	}
}

// What a client asks for cannot take the limits off the database.
func TestNoPathTakesLimitsOffTheDatabase(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, inDatabase)
	for _, path := range []string{"/%00", "/%ff", "/" + strings.Repeat("x", 20_000), "/'\"--", "/\xff\xfe"} {
		for i := range 5 {
			limited := raw(t, s, "/api/auth"+path) == http.StatusTooManyRequests
			if limited != (i >= 3) {
				t.Errorf("%.20q, request %d: limited %v", path, i, limited)
			}
		}
	}
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
	if n := s.Count(`select count(*) from "rateLimit"`); n != 1 {
		t.Errorf("%d counters are in the database, want that of the one path there is", n)
	}
}

// Of 400 requests at once at two instances exactly 100 pass.
func TestExactlyMaxPassAtTwoInstances(t *testing.T) {
	t.Parallel()
	const limits = "rateLimit: {enabled: true, storage: database, window: 600}\n"
	one := authtest.New(t, limits)
	two := authtest.New(t, limits, authtest.Beside(one))
	clients := []*authtest.Client{one.Client(), two.Client()}
	var passed, other atomic.Int64
	authtest.Together(400, func(i int) {
		c := clients[i%2]
		a, err := c.Try(c.Request(http.MethodGet, "/ok", "", ""))
		switch {
		case err == nil && a.Status == http.StatusOK:
			passed.Add(1)
		case err != nil || a.Status != http.StatusTooManyRequests:
			other.Add(1)
		}
	})
	counted := one.Count(`select count from "rateLimit"`)
	// On a machine too slow to answer in time some are counted in a process.
	if away := strings.Contains(one.Log.String()+two.Log.String(), "counted in this process alone"); !away && (passed.Load() != 100 || counted != 100) || other.Load() != 0 {
		t.Errorf("%d passed and %d are counted, want 100; %d had another answer", passed.Load(), counted, other.Load())
	}
}

// Counters go when the longest window has passed, and no sooner.
func TestOldCountersAreDeleted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "server: {listen: '127.0.0.1:0'}\nrateLimit: {enabled: true, storage: database, customRules: {/get-session: {window: 7d, max: 1}}}\n",
		authtest.Sweeping(sweep.Pace{Interval: 20 * time.Millisecond, Pause: time.Millisecond}))
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { ended <- s.Server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	// The database may be late on a busy machine, and then a request is not counted in it.
	for s.Count(`select count(*) from "rateLimit"`) != 2 && t.Context().Err() == nil {
		from(s, "192.0.2.1", "/get-session")
		from(s, "192.0.2.1", "/ok")
	}
	s.Clock.Advance(6 * 24 * time.Hour)
	from(s, "192.0.2.1", "/get-session").Is(http.StatusTooManyRequests)
	from(s, "192.0.2.1", "/error")
	s.Clock.Advance(25*time.Hour + time.Minute)
	until := time.Now().Add(20 * time.Second)
	for s.Count(`select count(*) from "rateLimit"`) != 1 && time.Now().Before(until) {
		time.Sleep(20 * time.Millisecond)
	}
	if n := s.Count(`select count(*) from "rateLimit" where key = '192.0.2.1|/error'`); n != 1 {
		t.Error("the counter that is still wanted is gone")
	}
	if n := s.Count(`select count(*) from "rateLimit"`); n != 1 {
		t.Errorf("%d counters are left, want 1", n)
	}
}

// Paths that a client makes up are limited like others and fill no table, and the
// values in paths, which may be tokens, are in none.
func TestMadeUpPathsLeaveNoCounters(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, inDatabase)
	for _, path := range []string{"/nothing", "/sign-in//email", "/reset-password/a/b", "/nothing/%2e%2e%2f"} {
		for _, want := range []int{404, 404, 404, 429} {
			from(s, "192.0.2.1", path).Is(want)
		}
	}
	if n := s.Count(`select count(*) from "rateLimit"`); n != 0 {
		t.Errorf("%d counters of paths that there are not", n)
	}
	for i, token := range []string{"aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"} {
		want := http.StatusFound
		if i == 3 {
			want = http.StatusTooManyRequests
		}
		from(s, "192.0.2.1", "/reset-password/"+token+"?callbackURL=/").Is(want)
	}
	sent{http.MethodPut, "/ok", map[string]string{"X-Forwarded-For": "192.0.2.1"}, ""}.send(s).Is(http.StatusNotFound)
	if n := s.Count(`select count(*) from "rateLimit" where key in ('192.0.2.1|/ok', '192.0.2.1|/reset-password/{token}')`); n != 2 {
		t.Errorf("%d counters are as expected", n)
	}
	if n := s.Count(`select count(*) from "rateLimit"`); n != 2 {
		t.Errorf("%d counters", n)
	}
}
