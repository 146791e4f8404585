package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/redis"
	"github.com/sallyport-auth/sallyport/internal/redis/redistest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// counting is a configuration that counts in a Redis.
func counting(r *redistest.Server, limits string) string {
	return fmt.Sprintf("baseURL: https://auth.test\nemailAndPassword: {enabled: true}\nrateLimit: {enabled: true, %s}\nsecondaryStorage: {url: '%s'}\n", limits, r.URL)
}

// atOnce is how many clients allowedOf lets ask at the same time.
const atOnce = 50

// allowedOf is how many of n requests, to the servers in turn, are not limited.
func allowedOf(t *testing.T, n int, path string, servers ...*authtest.Server) int {
	t.Helper()
	var passed atomic.Int64
	authtest.Together(atOnce, func(i int) {
		c := servers[i%len(servers)].Client()
		for range n / atOnce {
			a, err := c.Try(c.Request(http.MethodGet, path, "", ""))
			switch {
			case err != nil:
				t.Error(err)
			case a.Status >= http.StatusInternalServerError:
				t.Errorf("status %d: %s", a.Status, a.Text)
			case a.Status != http.StatusTooManyRequests:
				passed.Add(1)
			}
		}
	})
	return int(passed.Load())
}

func TestInstancesCountTogetherInRedis(t *testing.T) {
	t.Parallel()
	passed, late := 0, true
	// On a starved machine Redis may be late, and then each counts for itself, as it should.
	for tries := 0; late && tries < 3; tries++ {
		yaml := counting(redistest.New(t), "window: 60, max: 100")
		one := authtest.New(t, yaml)
		two := authtest.New(t, yaml, authtest.Beside(one))
		passed = allowedOf(t, 400, "/ok", one, two)
		const errors = "sallyport_redis_errors_total"
		late = server.Metric(one.Server, errors)+server.Metric(two.Server, errors) > 0
	}
	if passed != 100 {
		t.Errorf("%d of 400 passed a limit of 100; Redis was late: %t", passed, late)
	}
	// In memory each counts for itself: what Redis changes.
	yaml := "rateLimit: {enabled: true, window: 60, max: 100}\n"
	one := authtest.New(t, yaml)
	two := authtest.New(t, yaml, authtest.Beside(one))
	if got := allowedOf(t, 400, "/ok", one, two); got != 200 {
		t.Errorf("%d of 400 passed two limits of 100", got)
	}
}

// What is refused counts too, moves no end of a window and waits a whole one,
// which is not so in memory.
func TestWindowsInRedisAreFixed(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	s := authtest.New(t, counting(r, "window: 60, max: 2"))
	c := s.Client()
	c.Get("/ok").Is(http.StatusOK)
	c.Get("/ok").Is(http.StatusOK)
	time.Sleep(1100 * time.Millisecond)
	if a := c.Get("/ok").Is(http.StatusTooManyRequests); a.Header.Get("X-Retry-After") != "60" || a.Header.Get("Retry-After") != "60" {
		t.Errorf("%v", a.Header)
	}
	const key = "sallyport:https://auth.test:127.0.0.1|/ok"
	var left int
	if _, err := fmt.Sscan(r.Do("PTTL", key), &left); err != nil || left > 58_900 || r.Do("GET", key) != "3" {
		t.Errorf("%s hits, %d ms left, %v", r.Do("GET", key), left, err)
	}
	r.Do("DEL", key) // as when the window is over
	c.Get("/ok").Is(http.StatusOK)
}

func TestInstallationsOnOneRedisCountApart(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	for _, base := range []string{"https://a.test", "https://b.test"} {
		s := authtest.New(t, strings.Replace(counting(r, "max: 1"), "https://auth.test", base, 1))
		s.Client().Get("/ok").Is(http.StatusOK)
		s.Client().Get("/ok").Is(http.StatusTooManyRequests)
	}
}

// poller asks for its session again and again, as an app does.
type poller struct {
	client  *authtest.Client
	address string
	slowest time.Duration
	answers map[int]int
}

func (p *poller) run(until time.Time) error {
	for time.Now().Before(until) {
		r := p.client.Request(http.MethodGet, "/get-session", "", "")
		r.Header.Set("X-Forwarded-For", p.address)
		asked := time.Now()
		a, err := p.client.Try(r)
		if err != nil {
			return err
		}
		p.slowest = max(p.slowest, time.Since(asked))
		if p.answers[a.Status]++; a.Status == http.StatusOK && !strings.Contains(a.Text, "token") {
			return fmt.Errorf("no session: %s", a.Text)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}

// R7: Redis goes away under load and comes back.
func TestLimitsHoldWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]struct{ begin, end func(*redistest.Server) }{
		"gone": {(*redistest.Server).Stop, (*redistest.Server).Start},
		"hung": {(*redistest.Server).Freeze, (*redistest.Server).Thaw},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := redistest.New(t)
			yaml := counting(r, "window: 60, max: 100")
			one := authtest.New(t, yaml)
			two := authtest.New(t, yaml, authtest.Beside(one))
			var pollers []*poller
			for i := range 8 {
				p := &poller{client: []*authtest.Server{one, two}[i%2].Client(), address: fmt.Sprint("198.51.100.", i), answers: map[int]int{}}
				p.client.Header.Set("X-Forwarded-For", p.address)
				p.client.SignUp(fmt.Sprintf("user%d@example.test", i))
				pollers = append(pollers, p)
			}
			end := time.Now().Add(4 * time.Second)
			var all sync.WaitGroup
			for _, p := range pollers {
				all.Go(func() {
					if err := p.run(end); err != nil {
						t.Error(err)
					}
				})
			}
			time.Sleep(time.Second)
			trouble.begin(r)
			time.Sleep(500 * time.Millisecond)
			// Never open: each of the two counts for itself.
			if got := allowedOf(t, 300, "/ok", one, two); got != 200 {
				t.Errorf("%d of 300 passed two limits of 100", got)
			}
			all.Wait()
			slowest := time.Duration(0)
			for _, p := range pollers {
				slowest = max(slowest, p.slowest)
				if p.answers[http.StatusOK] == 0 || len(p.answers) > 1 {
					t.Errorf("a client was answered %v", p.answers)
				}
			}
			if slowest > redis.AnswerWithin+3*time.Second {
				t.Errorf("an answer took %s", slowest)
			}
			trouble.end(r)
			// They count together again, by themselves.
			deadline := time.Now().Add(10 * time.Second)
			for {
				r.Do("DEL", sharedKey)
				if allowedOf(t, atOnce, "/error", one, two); sharedCounter(r) == atOnce {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("Redis counts nothing")
				}
				time.Sleep(100 * time.Millisecond)
			}
			for _, s := range []*authtest.Server{one, two} {
				if n := strings.Count(s.Log.String(), "level=WARN msg=\"Redis"); n != 1 {
					t.Errorf("%d lines of the log are about Redis", n)
				}
			}
		})
	}
}

const sharedKey = "sallyport:https://auth.test:127.0.0.1|/error"

// sharedCounter is what Redis has counted under it.
func sharedCounter(r *redistest.Server) int {
	var count int
	_, _ = fmt.Sscan(r.Do("GET", sharedKey), &count)
	return count
}

func TestAServerStartsWithoutItsRedis(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	r.Stop()
	s := authtest.New(t, counting(r, "max: 1"))
	s.Client().Get("/ok").Is(http.StatusOK)
	s.Client().Get("/ok").Is(http.StatusTooManyRequests)
	if !s.Log.Contains("Redis does not count") {
		t.Error("nothing in the log says so")
	}
}

// Memory is chosen where nothing is said and there is no Redis.
func TestStorageOfTheLimiter(t *testing.T) {
	t.Parallel()
	const there = "secondaryStorage: {url: 'redis://127.0.0.1:1'}\n"
	for text, want := range map[string]string{
		"":                                     "memory",
		there:                                  "secondary-storage",
		there + "rateLimit: {storage: memory}": "memory",
		there + "rateLimit: {storage: secondary-storage}": "secondary-storage",
	} {
		cfg := authtest.Config(t, text)
		if err := server.Complete(cfg, server.Development); err != nil || cfg.RateLimit.Storage != want {
			t.Errorf("%s: %s, %v", text, cfg.RateLimit.Storage, err)
		}
	}
	cfg, err := server.ParseConfig("", []string{"BETTER_AUTH_SECRET=" + authtest.Secret, "REDIS_URL=redis://127.0.0.1:1"})
	if err != nil || server.Complete(cfg, server.Development) != nil || cfg.RateLimit.Storage != "secondary-storage" {
		t.Errorf("REDIS_URL: %v", err)
	}
}

// What would keep sessions elsewhere than in Postgres is refused; what says the
// same in other words is not.
func TestWhereSessionsAreKept(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"rateLimit: {storage: secondary-storage}":      "secondaryStorage.url",
		"secondaryStorage: {url: 'http://:hush@x'}":    "secondaryStorage.url must begin with",
		"session: {storeSessionInDatabase: true}":      "",
		"session: {storeSessionInDatabase: false}":     "session.storeSessionInDatabase",
		"verification: {storeInDatabase: true}":        "",
		"verification: {storeInDatabase: false}":       "verification.storeInDatabase",
		"session: {preserveSessionInDatabase: false}":  "",
		"session: {preserveSessionInDatabase: true}":   "session.preserveSessionInDatabase",
		"session: {}\nverification: {}\nrateLimit: {}": "",
	} {
		err := server.Complete(authtest.Config(t, text), server.Development)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush")) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// shownMetrics is what the ops listener shows.
func shownMetrics(s *authtest.Server) string {
	w := httptest.NewRecorder()
	server.Metrics(s.Server).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestMetricsOfRedis(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	s := authtest.New(t, counting(r, "max: 100"))
	if text := shownMetrics(s); !strings.Contains(text, "sallyport_redis_up 1\n") || !strings.Contains(text, "sallyport_redis_errors_total 0\n") {
		t.Errorf("%s", text)
	}
	r.Stop()
	s.Client().Get("/ok").Is(http.StatusOK)
	if text := shownMetrics(s); !strings.Contains(text, "sallyport_redis_up 0\n") || strings.Contains(text, "sallyport_redis_errors_total 0\n") {
		t.Errorf("%s", text)
	}
}

func TestCheckLooksAtRedis(t *testing.T) {
	t.Parallel()
	r := redistest.New(t)
	found := func(more string) string {
		cfg := authtest.Config(t, counting(r, "max: 1")+more+"database: {url: '"+pgtest.URL(t)+"'}\n")
		if err := server.Complete(cfg, server.Production); err != nil {
			t.Fatal(err)
		}
		for _, f := range server.Check(t.Context(), cfg, slog.New(slog.DiscardHandler), "") {
			if f.Subject == "redis" {
				return string(f.Level) + " " + f.Text
			}
		}
		return "nothing"
	}
	expect := func(more, want string) {
		t.Helper()
		if got := found(more); !strings.HasPrefix(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
	expect("", "ok version ")
	expect("advanced: {ipAddress: {disableIpTracking: true}}\n", "ok configured, and not used")
	r.Do("CONFIG", "SET", "maxmemory", "100mb")
	r.Do("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
	expect("", "warning ")
	r.Do("REPLICAOF", "127.0.0.1", "1")
	expect("", "error it does not count")
	r.Stop()
	expect("", "error it does not count")
}
