package transcript_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

const sharedLimits = `{
	"baseURL": "http://auth.test", "advanced": {"ipAddress": {"trustedProxies": ["127.0.0.1"]}%s},
	"rateLimit": {"enabled": true, "storage": "database", "window": 60, "max": 20, "customRules": {"/get-session": {"window": 60, "max": 4}}}
}`

// TestEitherServerCountsForTheOther lets both count in one table: the rows of
// each are honoured by the other, whoever made them.
func TestEitherServerCountsForTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	for name, ids := range map[string]string{"text": "", "uuid": `, "database": {"generateId": "uuid"}`, "serial": `, "database": {"generateId": "serial"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := transcript.Conversation{Topic: "limits", Name: name, Config: strings.Replace(sharedLimits, "%s", ids, 1)}
			ours := startSallyport(t, c, nil)
			theirs, stop, err := host.Start(oracle.Options{Config: c.Config, DatabaseURL: ours.DatabaseURL})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stop)
			conn, err := pgx.Connect(t.Context(), ours.DatabaseURL)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close(t.Context()) })
			countInTurn(t, conn, "203.0.113.1", theirs, ours.BaseURL)
			countInTurn(t, conn, "203.0.113.2", ours.BaseURL, theirs)
			countAtOnce(t, ours.BaseURL, theirs)
		})
	}
}

// countInTurn asks two servers in turn until both refuse, lets a window pass,
// and asks again.
func countInTurn(t *testing.T, conn *pgx.Conn, address string, first, second string) {
	t.Helper()
	for round := range 2 {
		for i, server := range []string{first, second, second, first, second, first} {
			status, wait := limitedAt(t, server, address, "/get-session")
			if (status == http.StatusTooManyRequests) != (i >= 4) || i >= 4 && (wait < 50 || wait > 60) {
				t.Errorf("round %d, request %d: %d, %d s to wait", round, i, status, wait)
			}
		}
		if _, err := conn.Exec(t.Context(), `update "rateLimit" set "lastRequest" = "lastRequest" - 60000`); err != nil {
			t.Fatal(err)
		}
		first, second = second, first
	}
}

// countAtOnce asks both at the same time for more than the limit.
func countAtOnce(t *testing.T, servers ...string) {
	t.Helper()
	var passed atomic.Int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			if status, _ := limitedAt(t, servers[i%2], "203.0.113.3", "/ok"); status == http.StatusOK {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 20 {
		t.Errorf("%d of 60 passed, want 20", passed.Load())
	}
}

// limitedAt asks a server for a path and gives the status and the seconds to
// wait.
func limitedAt(t *testing.T, base, address, path string) (status, wait int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/auth"+path, nil)
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	r.Host = "auth.test"
	r.Header.Set("X-Forwarded-For", address)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	_ = answer.Body.Close()
	wait, _ = strconv.Atoi(answer.Header.Get("X-Retry-After"))
	return answer.StatusCode, wait
}
