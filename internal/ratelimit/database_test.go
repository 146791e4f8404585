package ratelimit_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// table is a database with a table of counters, and a connection to it.
type table struct {
	t    *testing.T
	set  *schema.Set
	url  string
	conn *pgx.Conn
}

func newTable(t *testing.T, ids schema.IDType, cfg ratelimit.Config) *table {
	t.Helper()
	cfg.Storage = ratelimit.InDatabase
	c := &table{t: t, set: schema.MustNewSet(schema.Core, cfg.Tables()), url: pgtest.URL(t)}
	c.set.IDs = ids
	if err := migrate.Up(t.Context(), migrate.Options{URL: c.url, Set: c.set}); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.conn, err = pgx.Connect(t.Context(), c.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.conn.Close(context.Background()) })
	return c
}

// limiter counts in the table, with connections of its own as an instance has
// them, and waits as long as a slow machine needs.
func (c *table) limiter(cfg ratelimit.Config, clk *clock, plugins ...ratelimit.Rule) *ratelimit.Limiter {
	c.t.Helper()
	s, err := store.Open(c.t.Context(), store.Options{URL: c.url, Set: c.set})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.Close)
	newID := func() (string, error) { return secure.NewID(rand.Reader) }
	if c.set.IDs == schema.UUIDs {
		newID = func() (string, error) { return secure.NewUUID(rand.Reader) }
	}
	return ratelimit.New(ratelimit.Options{
		Config: cfg, Plugins: plugins, Storage: ratelimit.NewDatabase(s.RateLimits(newID), clk.now), Now: clk.now, AnswerWithin: time.Minute,
		Log: slog.New(slog.NewTextHandler(c.t.Output(), nil)),
	})
}

func (c *table) exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.conn.Exec(c.t.Context(), sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// rows are the counters as key, count and the milliseconds since 1970.
func (c *table) rows(name string) string {
	c.t.Helper()
	rows, err := c.conn.Query(c.t.Context(), "select * from "+name+" order by 2")
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintln(values[1:]...)))
	}
	return strings.Join(out, "\n")
}

// The table decides as better-auth does, on the recorded runs of requests.
func TestDecisionsOfBetterAuthInTheDatabase(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec struct{ Sequences []sequence }
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Fatal(err)
	}
	c := newTable(t, schema.TextIDs, ratelimit.Config{})
	for _, s := range rec.Sequences {
		clk := &clock{t: time.UnixMilli(1_700_000_000_000)}
		l := c.limiter(configOf(s), clk, recordedRules...)
		s.replay(t, l, clk)
	}
}

// Whatever ids, table and columns are called, a request makes one row, and the
// next ones change it; ids that are numbers are not used up.
func TestOneRowForEachKey(t *testing.T) {
	t.Parallel()
	renamed := ratelimit.Config{ModelName: "lim it", Fields: ratelimit.Columns{"key": "select", "count": `n"`, "lastRequest": "at"}}
	for name, tt := range map[string]struct {
		ids   schema.IDType
		cfg   ratelimit.Config
		table string
	}{
		"text": {schema.TextIDs, ratelimit.Config{}, `"rateLimit"`}, "uuid": {schema.UUIDs, ratelimit.Config{}, `"rateLimit"`},
		"serial": {schema.SerialIDs, ratelimit.Config{}, `"rateLimit"`}, "renamed": {schema.SerialIDs, renamed, `"lim it"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTable(t, tt.ids, tt.cfg)
			clk := &clock{t: time.UnixMilli(5_000_000)}
			l := c.limiter(ratelimit.Config{Max: 2}, clk)
			for range 3 {
				check(l, "203.0.113.7", "/ok")
				check(l, "203.0.113.7", "/sign-in/email")
				clk.t = clk.t.Add(time.Second)
			}
			want := "203.0.113.7|/ok 2 5001000\n203.0.113.7|/sign-in/email 3 5002000"
			if got := c.rows(tt.table); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			clk.t = clk.t.Add(time.Minute)
			check(l, "203.0.113.7", "/ok")
			check(l, "203.0.113.8", "/ok")
			if got, want := c.rows(tt.table), "203.0.113.7|/ok 1 5063000\n203.0.113.7|/sign-in/email 3 5002000\n203.0.113.8|/ok 1 5063000"; got != want {
				t.Errorf("later got\n%s\nwant\n%s", got, want)
			}
			if tt.ids == schema.SerialIDs {
				var last int
				if err := c.conn.QueryRow(t.Context(), "select max(id) from "+tt.table).Scan(&last); err != nil || last != 3 {
					t.Errorf("the last of three ids is %d, error %v", last, err)
				}
			}
		})
	}
}

// Of many requests at once, at one instance or two, exactly as many pass as may.
func TestExactlyMaxOfManyParallelRequestsPassInTheDatabase(t *testing.T) {
	t.Parallel()
	c := newTable(t, schema.SerialIDs, ratelimit.Config{})
	clk := &clock{t: time.Unix(1000, 0)}
	one, two := c.limiter(ratelimit.Config{}, clk), c.limiter(ratelimit.Config{}, clk)
	for name, instances := range map[string][2]*ratelimit.Limiter{"one": {one, one}, "two": {one, two}} {
		var passed atomic.Int64
		var wg sync.WaitGroup
		for i := range 400 {
			wg.Go(func() {
				d := instances[i%2].Check(t.Context(), ratelimit.Request{Address: name, Path: "/x"})
				if d.Allowed {
					passed.Add(1)
				} else if d.RetryAfter != 10 {
					t.Errorf("%s: to wait %d s", name, d.RetryAfter)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 100 || one.Len()+two.Len() != 0 {
			t.Errorf("%s: %d passed, want 100; %d counted in a process", name, passed.Load(), one.Len()+two.Len())
		}
	}
}

// Counters that no server writes neither stop requests for good nor let more
// of them through than the limit and one damaged row allow.
func TestDamagedCounters(t *testing.T) {
	t.Parallel()
	c := newTable(t, schema.TextIDs, ratelimit.Config{})
	c.exec(`alter table "rateLimit" alter count drop not null, alter "lastRequest" drop not null`)
	now := time.UnixMilli(1_700_000_000_000)
	for name, tt := range map[string]struct {
		count, last any
		passes      int
	}{
		"no count":              {nil, now.UnixMilli(), 3},
		"no time":               {100, nil, 3},
		"nothing":               {nil, nil, 3},
		"a negative count":      {-1 << 31, now.UnixMilli(), 3},
		"the largest count":     {1<<31 - 1, now.UnixMilli(), 0},
		"a time far ahead":      {100, now.AddDate(1, 0, 0).UnixMilli(), 3},
		"the latest time":       {100, int64(1<<63 - 1), 3},
		"a negative time":       {100, -5, 3},
		"the earliest time":     {100, int64(-1 << 63), 3},
		"ahead, as a clock is":  {3, now.Add(30 * time.Second).UnixMilli(), 0},
		"behind, within window": {3, now.Add(-9 * time.Second).UnixMilli(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			c.exec(`delete from "rateLimit"`)
			c.exec(`insert into "rateLimit" values ('x', 'a|/x', $1, $2)`, tt.count, tt.last)
			clk := &clock{t: now}
			l := c.limiter(ratelimit.Config{Max: 3}, clk)
			if got := passesOf(l, "a"); got != tt.passes {
				t.Errorf("%d pass, want %d", got, tt.passes)
			}
			clk.t = now.Add(2 * time.Minute)
			if got := passesOf(l, "a"); got != 3 {
				t.Errorf("two minutes later %d pass, want 3", got)
			}
			if l.Len() != 0 {
				t.Error("a request was counted in the process")
			}
		})
	}
}

func passesOf(l *ratelimit.Limiter, address string) int {
	n := 0
	for range 10 {
		if ok, _ := check(l, address, "/x"); ok {
			n++
		}
	}
	return n
}

// Of two instances whose clocks differ by more than a window neither ends the
// windows of the other again and again.
func TestClocksThatDiffer(t *testing.T) {
	t.Parallel()
	c := newTable(t, schema.TextIDs, ratelimit.Config{})
	now := time.UnixMilli(1_700_000_000_000)
	behind, ahead := &clock{t: now}, &clock{t: now.Add(15 * time.Second)}
	one, two := c.limiter(ratelimit.Config{Max: 5}, behind), c.limiter(ratelimit.Config{Max: 5}, ahead)
	passed := 0
	for range 100 {
		for _, l := range []*ratelimit.Limiter{one, two} {
			if ok, _ := check(l, "a", "/x"); ok {
				passed++
			}
		}
		behind.t, ahead.t = behind.t.Add(10*time.Millisecond), ahead.t.Add(10*time.Millisecond)
	}
	// The first of the fast clock ends one window.
	if passed > 6 {
		t.Errorf("%d passed of 200 within a second, the limit is 5", passed)
	}
}

// A counter that is swept away while requests are counted is one that had ended.
func TestCountingWhileCountersAreDeleted(t *testing.T) {
	t.Parallel()
	c := newTable(t, schema.SerialIDs, ratelimit.Config{})
	clk := &clock{t: time.Unix(100_000, 0)}
	l := c.limiter(ratelimit.Config{}, clk)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var sweeping sync.WaitGroup
	sweeping.Go(func() {
		conn, err := pgx.Connect(t.Context(), c.url)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close(context.Background()) }()
		for ctx.Err() == nil {
			if _, err := conn.Exec(t.Context(), `delete from "rateLimit" where "lastRequest" <= $1`, clk.now().Add(-time.Minute).UnixMilli()); err != nil {
				t.Error(err)
			}
		}
	})
	c.exec(`insert into "rateLimit" (key, count, "lastRequest") select 'a|/' || i, 100, 1 from generate_series(0, 19) i`)
	var passed [20]atomic.Int64
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			for range 60 {
				if ok, _ := check(l, "a", fmt.Sprint("/", i%20)); ok {
					passed[i%20].Add(1)
				}
			}
		})
	}
	wg.Wait()
	end()
	sweeping.Wait()
	for i := range passed {
		if n := passed[i].Load(); n != 100 {
			t.Errorf("path %d: %d of 120 passed, want 100", i, n)
		}
	}
	if l.Len() != 0 {
		t.Error("a request was counted in the process")
	}
}

// Keys are bounded, whatever is asked for, and only long paths are hashed.
func TestLongKeysInTheDatabase(t *testing.T) {
	t.Parallel()
	c := newTable(t, schema.TextIDs, ratelimit.Config{})
	l := c.limiter(ratelimit.Config{Max: 1}, &clock{t: time.UnixMilli(1_700_000_000_000)})
	random := make([]byte, 20<<10) // no compression makes it short enough for an index
	if _, err := rand.Read(random); err != nil {
		t.Fatal(err)
	}
	long := fmt.Sprintf("/%x", random)
	for _, path := range []string{long, long[:len(long)-1], long[:1023]} {
		first, _ := check(l, "2001:0db8:0001:0002:0000:0000:0000:0000", path)
		second, _ := check(l, "2001:0db8:0001:0002:0000:0000:0000:0000", path)
		if !first || second || l.Len() != 0 {
			t.Errorf("%d bytes: %v, %v, and %d counted in the process", len(path), first, second, l.Len())
		}
	}
	var most, plain int
	err := c.conn.QueryRow(t.Context(), `select max(length(key)), count(*) filter (where key like '%|/%') from "rateLimit"`).Scan(&most, &plain)
	if err != nil || most != 39+1+1023 || plain != 1 {
		t.Errorf("the longest key has %d bytes, %d are plain, error %v", most, plain, err)
	}
}
