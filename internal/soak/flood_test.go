package soak

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// manyUsers copies the only user of a database, with the password, under the
// addresses user1@example.test and so on.
const manyUsers = `
with made as (
	insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
	select 'user' || i, 'User', 'user' || i || '@example.test', false, now(), now() from generate_series(1, $1::int) i returning id
)
insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
select 'account' || made.id, made.id, 'credential', made.id, a.password, now(), now() from made, account a`

// rush is a site that has one reader, who reads all along, and many users.
type rush struct {
	*load
	i      *instance
	shared *http.Client
}

const twoSlots = basic + "server: {hashSlots: 2}\n"

func newRush(t *testing.T, users int) *rush {
	t.Helper()
	s := newSite(t, twoSlots, "")
	c := &rush{load: newLoad(t), i: s.serve()}
	reader := newClient(c.i)
	reader.signUp(t, "reader@example.test")
	conn, err := pgx.Connect(t.Context(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), manyUsers, users); err != nil {
		t.Fatal(err)
	}
	c.shared = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: users}, Timeout: patience}
	t.Cleanup(c.shared.CloseIdleConnections)
	standBack(t)
	c.begin(1, 10*time.Millisecond, func(int, int) {
		a := reader.get("/get-session")
		c.take("get-session", a, a.ok("reader@example.test"))
	})
	return c
}

// standBack lets the clients have what the server leaves of the cores, since they
// would be on other machines. Every thread has a priority of its own.
func standBack(t *testing.T) {
	t.Helper()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil || !*long {
		return
	}
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, 10)
		}
	}
}

// ask sends a request over the shared connections, from an address.
func (c *rush) ask(method, path, body, address string) answer {
	begin := time.Now()
	r, err := http.NewRequest(method, c.i.url+api+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("Origin", origin)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", address) // believed: the test is on this machine
	res, err := c.shared.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	return answer{status: res.StatusCode, header: res.Header, took: time.Since(begin)}
}

func (c *rush) signIn(user int, address string) answer {
	return c.ask(http.MethodPost, "/sign-in/email", fmt.Sprintf(`{"email":"user%d@example.test","password":%q}`, user, authtest.Password), address)
}

// answers are what a crowd was told.
type answers struct {
	in, refused []time.Duration
	other       []string
}

func (c *rush) signInAtOnce(users int) answers {
	var mu sync.Mutex
	var got answers
	authtest.Together(users, func(n int) {
		a := c.signIn(n+1, fmt.Sprintf("10.1.%d.%d", n/250, n%250+1))
		mu.Lock()
		defer mu.Unlock()
		switch {
		case a.err == nil && a.status == http.StatusOK:
			got.in = append(got.in, a.took)
		case a.err == nil && a.refused():
			got.refused = append(got.refused, a.took)
		default:
			got.other = append(got.other, a.String())
		}
	})
	slices.Sort(got.in)
	slices.Sort(got.refused)
	return got
}

// port is what differs in complaints of the same kind.
var port = regexp.MustCompile(`:\d+->`)

// kinds counts complaints of each kind.
func kinds(complaints []string) map[string]int {
	counts := map[string]int{}
	for _, text := range complaints {
		counts[port.ReplaceAllString(text, ":*->")]++
	}
	return counts
}

// TestR11ACrowdSignsIn lets many users sign in at the same moment. Some get in,
// the others are told at once when to come back, and whoever is in notices
// nothing.
func TestR11ACrowdSignsIn(t *testing.T) {
	users := pick(300, 10_000)
	c := newRush(t, users)
	peak := c.watch()
	got := c.signInAtOnce(users)
	memory, running := peak()
	c.end()
	reads, unread := c.drain()
	m := c.i.metrics()
	const route = `{method="POST",route="/sign-in/email"`
	soon := m[`sallyport_http_request_duration_seconds_bucket`+route+`,le="0.05"}`]
	const read = `{method="GET",route="/get-session"`
	readSoon, readAll := m[`sallyport_http_request_duration_seconds_bucket`+read+`,le="0.1"}`], m[`sallyport_http_request_duration_seconds_count`+read+`}`]
	c.complain()
	switch {
	case len(got.other) > 0:
		t.Errorf("%d answers are neither: %v; the server dropped %v connections and refused %v", len(got.other), kinds(got.other),
			m[`sallyport_connections_turned_away_total{which="waiting"}`], m[`sallyport_connections_turned_away_total{which="new"}`])
	case len(got.in) == 0 || len(got.refused) == 0:
		t.Errorf("%d got in and %d were refused", len(got.in), len(got.refused))
	case m["sallyport_password_hashes_refused_total"] < 0.9*float64(len(got.refused)): // a few wait for the database in vain
		t.Errorf("the metrics know of %v refusals", m["sallyport_password_hashes_refused_total"])
	case running > 4: // two slots, each with two side by side
		t.Errorf("%v hashes ran at once", running)
	case unread > 0:
		t.Errorf("%d reads were refused", unread)
	}
	// A crowd of the short form may share two cores with everything else.
	most := float64(pick(200, 100)+2*64) * (1 << 20)
	if memory > most {
		t.Errorf("%s of memory, want %s at most", mebibytes(memory), mebibytes(most))
	}
	if *long {
		if soon < 0.95*float64(len(got.refused)) {
			t.Errorf("%.0f answers within 50 ms, and %d refusals", soon, len(got.refused))
		}
		// The server's own time: the crowd, and whoever reads beside it, are one
		// process here, and share the cores with the server.
		if readSoon < 0.99*readAll {
			t.Errorf("%.0f of %.0f reads within 100 ms", readSoon, readAll)
		}
	}
	row(t, "R11", "%d at once on %d cores: %d in within %s, %d refused (the server took under 50 ms for %.0f answers; the clients saw p50 %s, p99 %s); %s at most; the server took under 100 ms for %.0f of %.0f reads, whose client saw p99 %s",
		users, runtime.NumCPU(), len(got.in), percentile(got.in, 1), len(got.refused), soon,
		percentile(got.refused, 0.5), percentile(got.refused, 0.99), mebibytes(memory), readSoon, readAll, percentile(reads, 0.99))
}

// getsIn signs a user in from an address of their own. On a machine where hashes
// take seconds that may need another try; in the long form it does not.
func (c *rush) getsIn(user int) time.Duration {
	c.t.Helper()
	begin := time.Now()
	within(c.t, "a sign-in beside the flood", func() bool {
		a := c.signIn(user, fmt.Sprintf("198.51.100.%d", user))
		if a.status != http.StatusOK && *long {
			c.t.Errorf("user %d was kept out: %s", user, a)
		}
		return a.status == http.StatusOK
	})
	return time.Since(begin)
}

// watch looks at the instance until it is asked for the most memory and the most
// hashes at once that it has seen.
func (c *rush) watch() (peak func() (memory, running float64)) {
	var memory, running float64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			m := c.i.metrics()
			memory = max(memory, m["process_resident_memory_bytes"])
			running = max(running, m["sallyport_password_hashes_running"])
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return func() (float64, float64) {
		close(done)
		<-ended
		return memory, running
	}
}

// TestR11AFloodFromOneAddressKeepsNobodyOut has one address ask for more hashes
// than there can be, while users sign in from others.
func TestR11AFloodFromOneAddressKeepsNobodyOut(t *testing.T) {
	const flooders = 150
	c := newRush(t, pick(3, 20))
	flood := newLoad(t)
	flood.begin(flooders, time.Millisecond, func(client, round int) {
		body := fmt.Sprintf(`{"email":"nobody%d-%d@example.test","password":"not a password"}`, client, round)
		a := c.ask(http.MethodPost, "/sign-in/email", body, "203.0.113.1")
		flood.take("flood", a, a.status == http.StatusUnauthorized)
	})
	within(t, "refusals of the flood", func() bool { return !flood.lastRefusal().IsZero() })
	c.drain()
	var took []time.Duration
	for user := 1; user <= pick(3, 20); user++ {
		took = append(took, c.getsIn(user))
	}
	flood.end()
	c.end()
	reads, _ := c.drain()
	hashed, refused := flood.drain()
	flood.complain()
	c.complain()
	slices.Sort(took)
	row(t, "R11", "a flood from one address, %d hashed and %d refused: %d users from others signed in within %s (p50 %s); reads p99 %s",
		len(hashed), refused, len(took), percentile(took, 1), percentile(took, 0.5), percentile(reads, 0.99))
}
