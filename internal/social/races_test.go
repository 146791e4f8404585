package social_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// crowd is how many come at once, and waiting how many of them are seen to have read
// what there is before the first one writes.
const crowd, waiting = 12, 4

// atOnce has a crowd do something. Whoever wants to write into a table waits until
// others want it too, so that all of them have read that nothing is there.
func (w *world) atOnce(table string, do func(i int)) {
	w.t.Helper()
	conn, err := pgx.Connect(w.t.Context(), w.s.Database)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	tx, err := conn.Begin(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := tx.Exec(w.t.Context(), "lock table "+table+" in share mode"); err != nil {
		w.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		authtest.Together(crowd, do)
	}()
	n := 0
	for end := time.Now().Add(20 * time.Second); n < waiting && err == nil && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err = tx.QueryRow(w.t.Context(), "select count(*) from pg_locks join pg_database d on d.oid = database where not granted and datname = current_database()").Scan(&n)
	}
	if err != nil || n < waiting {
		w.t.Errorf("%d wait for %s: %v", n, table, err)
	}
	if err := tx.Commit(w.t.Context()); err != nil {
		w.t.Error(err)
	}
	<-done
}

// arrives sends a callback and gives where it leads.
func arrives(t *testing.T, c *authtest.Client, back, cookie string) string {
	r := c.Request(http.MethodGet, back, "", "")
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	a, err := c.Try(r)
	if err != nil || a.Status != http.StatusFound {
		t.Errorf("%v: %+v", err, a)
		return ""
	}
	return a.Header.Get("Location")
}

// One browser sends the same callback to two servers: one of them ends the flow, and
// no other asks the provider anything.
func TestAStateIsGoodOnce(t *testing.T) {
	t.Parallel()
	for _, kept := range []struct{ name, yaml, table, cookie string }{
		{"database", github, "verification", "state"},
		{"cookie", github + "account: {storeStateStrategy: cookie}\n", "sallyport.used_link", "oauth_state"},
	} {
		t.Run(kept.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, kept.yaml+"baseURL: http://auth.test\n")
			clients := []*authtest.Client{w.s.Client(), w.beside(kept.yaml).s.Client()}
			ann := w.s.Client()
			back := w.begin(ann, "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
			cookie := "better-auth." + kept.cookie + "=" + ann.Cookie(kept.cookie)
			var home, others atomic.Int64
			w.idp.Asked()
			w.atOnce(kept.table, func(i int) {
				switch to := arrives(t, clients[i%2], back, cookie); {
				case to == "/home":
					home.Add(1)
				case strings.HasSuffix(to, "?error=state_mismatch"):
					others.Add(1)
				default:
					t.Errorf("a callback leads to %s", to)
				}
			})
			if home.Load() != 1 || others.Load() != crowd-1 || len(w.idp.Asked()) != 3 {
				t.Errorf("%d of %d callbacks went home, %d elsewhere", home.Load(), crowd, others.Load())
			}
		})
	}
}

// newcomers come at once, by either of two servers, and all of them are let in.
func newcomers(t *testing.T, table string, who func(i int) (login, email string)) *world {
	t.Helper()
	w := newWorld(t, github+"baseURL: http://auth.test\n")
	worlds := []*world{w, w.beside(github)}
	var clients [crowd]*authtest.Client
	var backs [crowd]string
	for i := range crowd {
		clients[i] = worlds[i%2].s.Client()
		login, email := who(i)
		script := person(login, email, true)
		script.Alone = true
		backs[i] = worlds[i%2].begin(clients[i], "/sign-in/social", map[string]any{}, script)
	}
	w.atOnce(table, func(i int) {
		if to := arrives(t, clients[i], backs[i], ""); to != "/home" {
			t.Errorf("a newcomer is sent to %s", to)
		}
	})
	if sessions := w.s.Count("select count(*) from session"); sessions != crowd {
		t.Errorf("there are %d sessions", sessions)
	}
	return w
}

// Many flows of one person who is new make one user with one account. The provider
// tells each another address, so that no constraint of the database would keep them from
// making more.
func TestTwoCallbacksOfANewUserMakeOne(t *testing.T) {
	t.Parallel()
	w := newcomers(t, "account", func(i int) (string, string) { return "ann", fmt.Sprintf("ann%d@example.test", i) })
	if users, accounts := w.s.Count(`select count(*) from "user"`), w.s.Count("select count(*) from account"); users != 1 || accounts != 1 {
		t.Errorf("there are %d users and %d accounts", users, accounts)
	}
}

// Many identities with the address of one person who is new make one user, whose
// accounts they are.
func TestTwoIdentitiesWithOneAddressMakeOneUser(t *testing.T) {
	t.Parallel()
	w := newcomers(t, `"user"`, func(i int) (string, string) { return fmt.Sprint("ann", i), "ann@example.test" })
	if users, accounts := w.s.Count(`select count(*) from "user"`), w.s.Count("select count(*) from account"); users != 1 || accounts != crowd {
		t.Errorf("there are %d users and %d accounts", users, accounts)
	}
}
