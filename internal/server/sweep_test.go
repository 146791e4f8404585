package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// expired are rows that ended two hours ago, and some that ended just now.
const expired = `
insert into session (id, "expiresAt", token, "updatedAt", "userId")
select 'old' || i, now() - interval '2 hours', 'old' || i, now(), (select id from "user" limit 1) from generate_series(1, $1::int) i
union all select 'late', now() - interval '1 minute', 'late', now(), (select id from "user" limit 1)`

// The server that runs deletes what has expired beside its requests, and says
// so in its metrics.
func TestExpiredRowsGoBesideRequests(t *testing.T) {
	t.Parallel()
	p := run(t, listening, authtest.Sweeping(sweep.Pace{Interval: 50 * time.Millisecond, Pause: time.Millisecond}))
	c := p.Client()
	c.SignUp("ann@example.test")
	p.Exec(expired, 20_000)
	p.Exec(`insert into verification (id, identifier, value, "expiresAt") values ('v', 'x', 'y', now() - interval '2 hours'), ('w', 'x', 'y', now())`)
	p.Exec(`insert into sallyport.used_link values ('a', now() - interval '2 hours'), ('b', now())`)
	p.Exec(`insert into sallyport.link_cutoff values ('a', now(), now() - interval '2 hours'), ('b', now(), now())`)
	p.Exec(`insert into sallyport.attempt values ('a', '', '{}', 0, now(), now() - interval '1 second'), ('b', '', '{}', 0, now(), now() + interval '1 hour')`)
	p.Exec(`insert into sallyport.known_address values ('a', now() - interval '31 days'), ('b', now() - interval '29 days')`)
	for p.Count(`select count(*) from session where id like 'old%'`)+p.Count(`select count(*) from verification where id = 'v'`) > 0 {
		if a := c.Get("/get-session").Is(http.StatusOK); !strings.Contains(a.Text, "ann@example.test") {
			t.Fatalf("get-session says %s", a.Text)
		}
	}
	if n := p.Count("select count(*) from session"); n != 2 {
		t.Errorf("%d sessions are left, want the live one and the one that ended just now", n)
	}
	if n := p.Count("select count(*) from verification"); n != 1 {
		t.Errorf("%d values are left", n)
	}
	// Of each pair one stays, and the sign-up has made an address known.
	const rest = `select (select count(*) from sallyport.used_link) + (select count(*) from sallyport.link_cutoff) +
		(select count(*) from sallyport.attempt) + (select count(*) from sallyport.known_address)`
	for p.Count(rest) > 5 {
		time.Sleep(time.Millisecond)
	}
	metrics := p.metrics(t)
	for _, line := range []string{
		`sallyport_swept_rows_total{table="session"} 20000`, `sallyport_swept_rows_total{table="verification"} 1`,
		`sallyport_swept_rows_total{table="used_link"} 1`, `sallyport_swept_rows_total{table="attempt"} 1`,
		`sallyport_swept_rows_total{table="known_address"} 1`, "sallyport_sweep_errors_total 0",
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(metrics, "sallyport_sweep_last_run_timestamp_seconds 0\n") {
		t.Error("it never ran")
	}
}

// A database that refuses is counted, and no request notices.
func TestAFailingSweepHarmsNobody(t *testing.T) {
	t.Parallel()
	p := run(t, listening, authtest.Sweeping(sweep.Pace{Interval: 10 * time.Millisecond}))
	p.Exec("drop table sallyport.sweep_lease")
	for strings.Contains(p.metrics(t), "sallyport_sweep_errors_total 0\n") {
		time.Sleep(time.Millisecond)
	}
	p.Client().SignUp("ann@example.test")
	if log := p.Log.String(); !strings.Contains(log, "level=DEBUG msg=\"what has expired could not be deleted") {
		t.Error("nothing was logged")
	}
}

func TestValuesStayWhereCleaningIsOff(t *testing.T) {
	t.Parallel()
	p := run(t, listening+"verification: {disableCleanup: true}\n", authtest.Sweeping(sweep.Pace{Interval: 20 * time.Millisecond}))
	p.Client().SignUp("ann@example.test")
	p.Exec(`insert into verification (id, identifier, value, "expiresAt") values ('v', 'x', 'y', now() - interval '2 hours')`)
	p.Exec(expired, 1)
	for p.Count("select count(*) from session") > 2 || strings.Contains(p.metrics(t), "sallyport_sweep_last_run_timestamp_seconds 0\n") {
		time.Sleep(time.Millisecond)
	}
	if n := p.Count("select count(*) from verification"); n != 1 {
		t.Errorf("%d values are left", n)
	}
}

// metrics gives the page for Prometheus.
func (p *process) metrics(t *testing.T) string {
	t.Helper()
	res, err := http.Get("http://" + p.ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
