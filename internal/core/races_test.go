package core_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const crowd = 50

// twoServers gives two instances on one database. They hash in few slots, so a
// crowd that has to hash waits long: its members must not be refused for that.
func twoServers(t *testing.T) [2]*authtest.Server {
	t.Helper()
	return twoServersWith(t, authtest.Starter)
}

func twoServersWith(t *testing.T, config string) [2]*authtest.Server {
	t.Helper()
	s := authtest.New(t, config, authtest.RealHashes())
	return [2]*authtest.Server{s, authtest.New(t, config+"\nbaseURL: "+s.URL+"\n", authtest.Beside(s), authtest.RealHashes())}
}

// tally counts answers by status and code.
type tally struct {
	mu    sync.Mutex
	count map[string]int
}

func (y *tally) add(a *authtest.Answer, err error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.count == nil {
		y.count = map[string]int{}
	}
	if err != nil {
		y.count[err.Error()]++
		return
	}
	y.count[fmt.Sprint(a.Status)]++
}

// insist sends a request again while the line of hashes is full, as it is for a
// while on a busy machine.
func insist(c *authtest.Client, r *http.Request) (*authtest.Answer, error) {
	a, err := c.Try(r)
	for err == nil && a.Status == http.StatusServiceUnavailable {
		time.Sleep(time.Second)
		again := r.Clone(r.Context())
		again.Body, _ = r.GetBody()
		a, err = c.Try(again)
	}
	return a, err
}

// mixed gives one address in as many cases as there are bits in i.
func mixed(i int) string {
	text := []byte("racer@example.test")
	for bit := range 6 {
		if i>>bit&1 == 1 {
			text[bit] = strings.ToUpper(string(text[bit]))[0]
		}
	}
	return string(text)
}

func TestManySignUpsOfOneAddressMakeOneAccount(t *testing.T) {
	t.Parallel()
	servers := twoServers(t)
	var got tally
	requests := make([]*http.Request, crowd)
	clients := make([]*authtest.Client, crowd)
	for i := range crowd {
		clients[i] = servers[i%2].Client()
		body := fmt.Sprintf(`{"name":"R","email":%q,"password":%q}`, mixed(i), authtest.Password)
		requests[i] = clients[i].Request(http.MethodPost, "/sign-up/email", "application/json", body)
	}
	authtest.Together(crowd, func(i int) {
		got.add(insist(clients[i], requests[i]))
	})
	if got.count["200"] != 1 || got.count["422"] != crowd-1 {
		t.Errorf("answers %v", got.count)
	}
	s := servers[0]
	n := s.Count(`select (select count(*) from "user" where email = 'racer@example.test') * 100
		+ (select count(*) from account) * 10 + (select count(*) from session)`)
	if n != 111 || s.Count(`select count(*) from "user"`) != 1 {
		t.Errorf("users, accounts, sessions: %03d", n)
	}
}

// Each of many requests that end the same session succeeds, or finds nobody
// signed in.
func TestManyRevocationsOfOneSession(t *testing.T) {
	t.Parallel()
	servers := twoServers(t)
	first := servers[0].Client()
	token := first.SignUp("ann@example.test").JSON()["token"]
	cookie := servers[0].Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
	for _, path := range []string{"/revoke-session", "/revoke-sessions", "/sign-out"} {
		body := fmt.Sprintf(`{"token":%q}`, token)
		var got tally
		requests := make([]*http.Request, crowd)
		for i := range crowd {
			requests[i] = servers[i%2].Client().Request(http.MethodPost, path, "application/json", body)
			requests[i].Header.Set("Cookie", cookie)
		}
		bare := [2]*authtest.Client{servers[0].Client(), servers[1].Client()}
		authtest.Together(crowd, func(i int) { got.add(bare[i%2].Try(requests[i])) })
		if got.count["200"] == 0 || got.count["200"]+got.count["401"] != crowd {
			t.Errorf("%s: answers %v", path, got.count)
		}
		if n := servers[0].Count(`select count(*) from session`); n != 0 {
			t.Errorf("%s: %d sessions are left", path, n)
		}
		again := first.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
		token = again.JSON()["token"]
		cookie = servers[0].Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
	}
}

// Of many requests that find the session due, none is told that there is none,
// and all see the same end.
func TestManyRefreshesOfOneSession(t *testing.T) {
	t.Parallel()
	servers := twoServers(t)
	first := servers[0].Client()
	first.SignUp("ann@example.test")
	cookie := servers[0].Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
	for _, s := range servers {
		s.Clock.Advance(2 * day)
	}
	requests := make([]*http.Request, crowd)
	for i := range crowd {
		requests[i] = servers[i%2].Client().Request(http.MethodGet, "/get-session", "", "")
		requests[i].Header.Set("Cookie", cookie)
	}
	bare := [2]*authtest.Client{servers[0].Client(), servers[1].Client()}
	answers := make([]*authtest.Answer, crowd)
	var got tally
	authtest.Together(crowd, func(i int) {
		a, err := bare[i%2].Try(requests[i])
		got.add(a, err)
		answers[i] = a
	})
	if got.count["200"] != crowd {
		t.Fatalf("answers %v", got.count)
	}
	ends := map[any]bool{}
	for _, a := range answers {
		ends[part(t, a, "session")["expiresAt"]] = true
	}
	if len(ends) != 1 || remaining(servers[0]) != 7*24 {
		t.Errorf("the session ends at %v, %d hours left", ends, remaining(servers[0]))
	}
}

// A session that ends while it is refreshed stays ended.
func TestRefreshDoesNotBringARevokedSessionBack(t *testing.T) {
	t.Parallel()
	servers := twoServers(t)
	for range 5 {
		servers[0].Exec(`delete from "user"`)
		first := servers[0].Client()
		first.SignUp("ann@example.test")
		servers[0].Exec(`update session set "expiresAt" = now() + interval '2 days'`)
		cookie := servers[0].Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
		requests := make([]*http.Request, 10)
		for i := range requests {
			requests[i] = first.Request(http.MethodGet, "/get-session", "", "")
			if i == 5 {
				requests[i] = first.Request(http.MethodPost, "/sign-out", "", "")
			}
			requests[i].Header.Set("Cookie", cookie)
		}
		bare := servers[0].Client()
		var got tally
		authtest.Together(len(requests), func(i int) { got.add(bare.Try(requests[i])) })
		if got.count["200"]+got.count["401"] != len(requests) {
			t.Errorf("answers %v", got.count)
		}
		if n := servers[0].Count(`select count(*) from session`); n != 0 {
			t.Errorf("%d sessions", n)
		}
	}
}
