package social_test

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// callbacks sends the same callback from one browser to two servers at once, and
// counts where it was sent on to.
func callbacks(t *testing.T, yaml string, n int) (home, mismatch int64) {
	t.Helper()
	w := newWorld(t, yaml+"baseURL: http://auth.test\n")
	other := w.beside(yaml)
	ann := w.s.Client()
	back := w.begin(ann, "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
	var cookie string
	for _, name := range []string{"state", "oauth_state"} {
		if value := ann.Cookie(name); value != "" {
			cookie = "better-auth." + name + "=" + value
		}
	}
	clients := []*authtest.Client{w.s.Client(), other.s.Client()}
	authtest.Together(n, func(i int) {
		r := clients[i%2].Request(http.MethodGet, back, "", "")
		r.Header.Set("Cookie", cookie)
		a, err := clients[i%2].Try(r)
		switch {
		case err != nil:
			t.Error(err)
		case a.Header.Get("Location") == "/home":
			atomic.AddInt64(&home, 1)
		case a.Status == 302:
			atomic.AddInt64(&mismatch, 1)
		default:
			t.Errorf("status %d: %s", a.Status, a.Text)
		}
	})
	return home, mismatch
}

func TestAStateIsGoodOnce(t *testing.T) {
	t.Parallel()
	for name, yaml := range map[string]string{"database": github, "cookie": github + "account: {storeStateStrategy: cookie}\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if home, others := callbacks(t, yaml, 24); home != 1 || others != 23 {
				t.Errorf("%d of 24 callbacks went home, %d elsewhere", home, others)
			}
		})
	}
}

// Many flows of one person who is new make one user with one account: no constraint
// of the database would keep them from making more.
func TestTwoCallbacksOfANewUserMakeOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github+"baseURL: http://auth.test\n")
	worlds := []*world{w, w.beside(github)}
	const n = 16
	var clients [n]*authtest.Client
	var backs [n]string
	w.idp.Tell("github", person("ann", "ann@example.test", true))
	for i := range n {
		clients[i] = worlds[i%2].s.Client()
		backs[i] = worlds[i%2].begin(clients[i], "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
	}
	authtest.Together(n, func(i int) {
		a, err := clients[i].Try(clients[i].Request(http.MethodGet, backs[i], "", ""))
		if err != nil || a.Header.Get("Location") != "/home" {
			t.Errorf("%v: %+v", err, a)
		}
	})
	if users, accounts := w.s.Count(`select count(*) from "user"`), w.s.Count("select count(*) from account"); users != 1 || accounts != 1 {
		t.Errorf("there are %d users and %d accounts", users, accounts)
	}
	if sessions := w.s.Count("select count(*) from session"); sessions != n {
		t.Errorf("there are %d sessions", sessions)
	}
}

// Two identities with the address of one person who is new make one user too.
func TestTwoIdentitiesWithOneAddressMakeOneUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	const n = 8
	var clients [n]*authtest.Client
	var backs [n]string
	for i := range n {
		clients[i] = w.s.Client()
		backs[i] = w.begin(clients[i], "/sign-in/social", map[string]any{}, idptest.Script{})
	}
	authtest.Together(n, func(i int) {
		if _, err := clients[i].Try(clients[i].Request(http.MethodGet, backs[i], "", "")); err != nil {
			t.Error(err)
		}
	})
	if users := w.s.Count(`select count(*) from "user"`); users != 1 {
		t.Errorf("there are %d users", users)
	}
}
