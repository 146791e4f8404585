package redis_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/redis"
	"github.com/sallyport-auth/sallyport/internal/redis/redistest"
)

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

const installation = "https://auth.test/api/auth"

func open(t *testing.T, url string) (*redis.Client, *lines) {
	t.Helper()
	log := &lines{}
	c, err := redis.Open(t.Context(), redis.Options{
		Config: redis.Config{URL: config.NewSecret(url)}, Installation: installation, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, log
}

func count(t *testing.T, c *redis.Client, key string, limit int, window time.Duration) bool {
	t.Helper()
	within, err := c.Count(t.Context(), key, limit, window)
	if err != nil {
		t.Fatal(err)
	}
	return within
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never happened: %s", what)
		}
	}
}

func TestWindowsAreFixed(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c, log := open(t, s.URL)
	const window = 3 * time.Second
	var ends time.Time
	for i, want := range []bool{true, true, false, false} {
		if got := count(t, c, "203.0.113.7|/ok", 2, window); got != want {
			t.Errorf("hit %d: %t", i, got)
		}
		if i == 0 {
			ends = time.Now().Add(window)
		}
		time.Sleep(100 * time.Millisecond)
	}
	// Neither what was allowed nor what was denied has moved its end.
	time.Sleep(time.Until(ends.Add(10 * time.Millisecond)))
	if !count(t, c, "203.0.113.7|/ok", 2, window) {
		t.Error("the window did not end by itself")
	}
	if log.String() != "" {
		t.Errorf("logged %s", log)
	}
}

func TestKeysBelongToOneInstallation(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c, _ := open(t, s.URL)
	count(t, c, "203.0.113.7|/ok", 1, time.Minute)
	if got := s.Do("GET", "sallyport:"+installation+":203.0.113.7|/ok"); got != "1" {
		t.Errorf("the counter is %q; keys: %s", got, s.Do("KEYS", "*"))
	}
	for _, key := range strings.Fields(s.Do("KEYS", "*")) {
		if !strings.HasPrefix(key, "sallyport:"+installation+":") || s.Do("TTL", key) == "-1" {
			t.Errorf("%s stays for %s s", key, s.Do("TTL", key))
		}
	}
}

func TestExactlyLimitOfManyPassOverTwoClients(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	one, _ := open(t, s.URL)
	two, _ := open(t, s.URL)
	var passed atomic.Int64
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			within, err := []*redis.Client{one, two}[i%2].Count(context.Background(), "a|/x", 100, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if within {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d passed, want 100", passed.Load())
	}
}

// troubles are ways in which a Redis fails and comes back, and what the log says of them.
var troubles = map[string]struct {
	begin, end func(s *redistest.Server)
	known      string
}{
	"it is gone":         {(*redistest.Server).Stop, (*redistest.Server).Start, ""},
	"it hangs":           {(*redistest.Server).Freeze, (*redistest.Server).Thaw, ""},
	"it is a replica":    {do("REPLICAOF", "127.0.0.1", "1"), do("REPLICAOF", "NO", "ONE"), "READONLY"},
	"its memory is full": {do("CONFIG", "SET", "maxmemory", "1"), do("CONFIG", "SET", "maxmemory", "0"), "OOM"},
	"it may not write":   {do("ACL", "SETUSER", "default", "-incrby"), do("ACL", "SETUSER", "default", "+@all"), "can't run this command"},
}

func do(arguments ...string) func(*redistest.Server) {
	return func(s *redistest.Server) { s.Do(arguments...) }
}

func TestNobodyWaitsForARedisInTrouble(t *testing.T) {
	t.Parallel()
	for name, trouble := range troubles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.New(t)
			c, log := open(t, s.URL)
			count(t, c, "a|/x", 1, time.Minute)
			trouble.begin(s)
			failures := 0
			for begun := time.Now(); time.Since(begun) < 2*time.Second; {
				asked := time.Now()
				_, err := c.Count(t.Context(), "a|/x", 1, time.Minute)
				if took := time.Since(asked); took > redis.AnswerWithin+500*time.Millisecond {
					t.Errorf("a request waited %s", took)
				}
				if err == nil {
					t.Fatal("it counted")
				}
				failures++
				time.Sleep(time.Millisecond)
			}
			if failures < 50 || c.Up() || c.Errors() == 0 {
				t.Errorf("%d requests in two seconds; up %t, %d errors", failures, c.Up(), c.Errors())
			}
			trouble.end(s)
			eventually(t, "it counts again", c.Up)
			if !count(t, c, "b|/x", 1, time.Minute) || count(t, c, "b|/x", 1, time.Minute) {
				t.Error("it does not count as before")
			}
			if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), trouble.known) {
				t.Errorf("%d lines:\n%s", n, log)
			}
		})
	}
}

func TestARestartedRedisCountsFromNothing(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c, _ := open(t, s.URL)
	if !count(t, c, "a|/x", 1, time.Minute) || count(t, c, "a|/x", 1, time.Minute) {
		t.Fatal("it does not count")
	}
	s.Stop()
	s.Start()
	// The scripts are gone too, and sent again; a broken connection may fail once.
	eventually(t, "a hit is counted", func() bool {
		within, err := c.Count(t.Context(), "a|/x", 1, time.Minute)
		return err == nil && within
	})
}

// What is wrong with one key must not take the limits from all others.
func TestAForeignValueConcernsItsKeyOnly(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	c, _ := open(t, s.URL)
	s.Do("LPUSH", "sallyport:"+installation+":a|/list", "x")
	s.Do("SET", "sallyport:"+installation+":a|/text", "x")
	for _, key := range []string{"a|/list", "a|/text"} {
		if _, err := c.Count(t.Context(), key, 1, time.Minute); err == nil {
			t.Errorf("%s was counted", key)
		}
		if !c.Up() || !count(t, c, key+"/other", 1, time.Minute) {
			t.Errorf("%s has ended all counting", key)
		}
	}
	if c.Errors() != 2 {
		t.Errorf("%d errors", c.Errors())
	}
}

func TestARedisThatWasAwayAtStartIsUsedLater(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	s.Stop()
	c, log := open(t, s.URL)
	if _, err := c.Count(t.Context(), "a|/x", 1, time.Minute); err == nil || c.Up() {
		t.Fatal("it counts in nothing")
	}
	if !strings.Contains(log.String(), "Redis does not count") {
		t.Errorf("logged %q", log)
	}
	s.Start()
	eventually(t, "it counts", c.Up)
}

func TestPasswordsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, "--requirepass", "right-hush")
	c, log := open(t, strings.Replace(s.URL, "redis://", "redis://:wrong-hush@", 1))
	if c.Up() || !strings.Contains(log.String(), "WRONGPASS") || strings.Contains(log.String(), "hush") {
		t.Errorf("up %t, logged %s", c.Up(), log)
	}
	right, log := open(t, strings.Replace(s.URL, "redis://", "redis://:right-hush@", 1))
	if !right.Up() || log.String() != "" {
		t.Errorf("up %t, logged %s", right.Up(), log)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"redis://host", "redis://host:6379/3", "redis://user:p%40ss@host:6379/0", "rediss://[::1]:6380",
		"unix:///run/redis.sock", "unix://:secret@/run/redis.sock?db=2",
	} {
		if err := redis.CheckURL(config.NewSecret(good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "host:6379", "http://hush@host", "redis://:hu sh@host:x", "redis://:hush@host/nothing", "redis://:hush@host/1/2",
		"redis://:hush@host?read_timeout=0", "redis://:hu#sh@host", "redis://:hu?sh@host", "redis://:hush%zz@host", "unix://hush",
		"unix:///x?db=hush", "unix:///x?db=1&hush=2", "redis://:hush@host?protocol=hush",
	} {
		if err := redis.CheckURL(config.NewSecret(bad)); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestInspect(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	inspect := func() (redis.State, error) {
		return redis.Inspect(t.Context(), redis.Options{Config: redis.Config{URL: config.NewSecret(s.URL)}, Log: slog.New(slog.DiscardHandler)})
	}
	state, err := inspect()
	if err != nil || state.Version == "" || state.MayDrop() {
		t.Errorf("%+v %v", state, err)
	}
	s.Do("CONFIG", "SET", "maxmemory", "100mb")
	for policy, may := range map[string]bool{"noeviction": false, "volatile-ttl": true, "allkeys-lru": true} {
		s.Do("CONFIG", "SET", "maxmemory-policy", policy)
		if state, err := inspect(); err != nil || state.Policy != policy || state.MayDrop() != may {
			t.Errorf("%s: %+v %v", policy, state, err)
		}
	}
	s.Do("ACL", "SETUSER", "default", "-info")
	if _, err := inspect(); err != nil {
		t.Errorf("an account that may only count: %v", err)
	}
	s.Do("REPLICAOF", "127.0.0.1", "1")
	if _, err := inspect(); err == nil {
		t.Error("a replica passes")
	}
}
