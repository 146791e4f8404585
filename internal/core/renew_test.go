package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// gate stands before the token endpoint: it counts who asks and holds the questions
// up until it is opened.
type gate struct {
	to    http.RoundTripper
	asked atomic.Int64
	fails atomic.Bool
	open  chan struct{}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/access_token") {
		g.asked.Add(1)
		select {
		case <-g.open:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		if g.fails.Load() {
			return nil, errors.New("the provider is away")
		}
	}
	return g.to.RoundTrip(r)
}

// renewing are two instances on one database, with users whose accounts at GitHub
// have access tokens that have ended. The provider takes a refresh token once, and
// refuses whoever shows it again.
type renewing struct {
	t       *testing.T
	s       *authtest.Server
	gate    *gate
	clients [2]*authtest.Client
	tokens  []string // session tokens of the users, whose accounts are social-0, social-1, ...
}

func newRenewing(t *testing.T, users int) *renewing {
	t.Helper()
	idp := idptest.New(t)
	r := &renewing{t: t, gate: &gate{to: idp.Transport(), open: make(chan struct{})}}
	r.s = authtest.New(t, withGitHub, authtest.Outbound(r.gate))
	other := authtest.New(t, withGitHub+"baseURL: "+r.s.URL+"\n", authtest.Beside(r.s), authtest.Outbound(r.gate))
	r.clients = [2]*authtest.Client{r.s.Client(), other.Client()}
	for i := range users {
		c := r.s.Client()
		email := fmt.Sprintf("user%d@example.test", i)
		c.SignUp(email)
		linkGitHub(t, r.s, idp, email, fmt.Sprintf("social-%d", i), -time.Hour)
		r.tokens = append(r.tokens, c.Cookie("session_token"))
	}
	return r
}

// begin sends requests of the users, in turn and to both instances in turn.
func (r *renewing) begin(n int, path string) (*tally, <-chan struct{}) {
	requests := make([]*http.Request, n)
	for i := range requests {
		user := i % len(r.tokens)
		requests[i] = r.clients[i%2].Request(http.MethodPost, path, "application/json", fmt.Sprintf(`{"accountId":"social-%d"}`, user))
		requests[i].Header.Set("Cookie", "better-auth.session_token="+r.tokens[user])
	}
	got, done := &tally{}, make(chan struct{})
	bare := r.s.Client()
	go func() {
		defer close(done)
		authtest.Together(n, func(i int) { got.add(bare.Try(requests[i])) })
	}()
	return got, done
}

// settle waits until the provider has been asked so often, and a while longer for
// those who do not ask it.
func (r *renewing) settle(asked int64) {
	r.t.Helper()
	until(r.t, func() bool { return r.gate.asked.Load() >= asked })
	time.Sleep(700 * time.Millisecond)
}

// until waits for something that happens soon.
func until(t *testing.T, happens func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if happens() {
			return
		}
	}
	t.Fatal("it does not happen")
}

func TestParallelCallsRenewTokensOnce(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, 1)
	got, done := r.begin(crowd, "/get-access-token")
	r.settle(1)
	close(r.gate.open)
	<-done
	if got.count["200"] != crowd || r.gate.asked.Load() != 1 {
		t.Errorf("answers %v after %d refreshes", got.count, r.gate.asked.Load())
	}
	if n := r.s.Count(`select count(*) from sallyport.token_refresh`); n != 0 {
		t.Errorf("%d attempts are left", n)
	}
}

// Whoever asks for new tokens while they are being renewed gets those.
func TestParallelRefreshesUseNoTokenTwice(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, 1)
	got, done := r.begin(crowd, "/refresh-token")
	r.settle(1)
	if n := r.gate.asked.Load(); n != 1 {
		t.Errorf("%d ask the provider at once", n)
	}
	close(r.gate.open)
	<-done
	if got.count["200"] != crowd || r.gate.asked.Load() > crowd/2 {
		t.Errorf("answers %v after %d refreshes", got.count, r.gate.asked.Load())
	}
}

func TestWhoWaitsForAnAttemptFailsWithIt(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, 1)
	r.gate.fails.Store(true)
	got, done := r.begin(6, "/get-access-token")
	r.settle(1)
	close(r.gate.open)
	<-done
	if got.count["400"] != 6 || r.gate.asked.Load() > 3 {
		t.Errorf("answers %v after %d refreshes", got.count, r.gate.asked.Load())
	}
	r.gate.fails.Store(false)
	if got, done := r.begin(1, "/get-access-token"); true {
		<-done
		if got.count["200"] != 1 {
			t.Errorf("the next call is answered %v", got.count)
		}
	}
}

// A provider that takes its time must cost the others nothing: there are more calls
// here than connections to the database.
func TestASlowProviderHoldsNoConnection(t *testing.T) {
	t.Parallel()
	const users = 24
	r := newRenewing(t, users)
	got, done := r.begin(users, "/get-access-token")
	until(t, func() bool { return r.gate.asked.Load() == users })
	for _, c := range r.clients {
		a := c.Get("/get-session")
		if a.Status != http.StatusOK {
			t.Errorf("meanwhile a session is answered %d", a.Status)
		}
	}
	if n := r.s.Server.Auth.Store.Pool().Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are held", n)
	}
	close(r.gate.open)
	<-done
	if got.count["200"] != users {
		t.Errorf("answers %v", got.count)
	}
}

func TestAnAttemptOfAnInstanceThatDiedEnds(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, 1)
	close(r.gate.open)
	r.s.Exec(`insert into sallyport.token_refresh (account, attempt, ends_at) values ('social-0', 'dead', $1)`, r.s.Clock.Now().Add(20*time.Second))
	got, done := r.begin(1, "/get-access-token")
	time.Sleep(500 * time.Millisecond)
	if n := r.gate.asked.Load(); n != 0 {
		t.Errorf("the provider is asked %d times beside an attempt", n)
	}
	r.s.Exec(`update sallyport.token_refresh set ends_at = $1`, r.s.Clock.Now())
	<-done
	if got.count["200"] != 1 {
		t.Errorf("answers %v", got.count)
	}
}

// The provider has taken the refresh token by the time the client goes away.
func TestTokensAreKeptForAClientThatHasGone(t *testing.T) {
	t.Parallel()
	r := newRenewing(t, 1)
	ctx, leave := context.WithCancel(t.Context())
	request := r.clients[0].Request(http.MethodPost, "/get-access-token", "application/json", `{"accountId":"social-0"}`).WithContext(ctx)
	request.Header.Set("Cookie", "better-auth.session_token="+r.tokens[0])
	gone := make(chan error)
	bare := r.s.Client()
	go func() {
		_, err := bare.Try(request)
		gone <- err
	}()
	r.settle(1)
	leave()
	if err := <-gone; err == nil {
		t.Fatal("the client has not gone")
	}
	time.Sleep(100 * time.Millisecond)
	close(r.gate.open)
	until(t, func() bool {
		return r.s.Count(`select count(*) from account where id = 'social-0' and "accessTokenExpiresAt" > $1`, r.s.Clock.Now()) == 1
	})
	if got, done := r.begin(1, "/get-access-token"); true {
		<-done
		if got.count["200"] != 1 || r.gate.asked.Load() != 1 {
			t.Errorf("the next call is answered %v after %d refreshes", got.count, r.gate.asked.Load())
		}
	}
}

func TestWhatChangesWhileTokensAreRenewed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		sql, status string
		stored      int
	}{
		"a sign-in brings others": {`update account set "accessToken" = 'other', "refreshToken" = 'other-refresh', "accessTokenExpiresAt" = now() + interval '1 hour' where id = 'social-0'`, "200", 1},
		"it is unlinked":          {`delete from account where id = 'social-0'`, "400", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRenewing(t, 1)
			got, done := r.begin(2, "/get-access-token")
			r.settle(1)
			r.s.Exec(tt.sql)
			close(r.gate.open)
			<-done
			if got.count[tt.status] != 2 {
				t.Errorf("answers %v", got.count)
			}
			if n := r.s.Count(`select count(*) from account where id = 'social-0' and "accessToken" = 'other'`); n != tt.stored {
				t.Errorf("%d accounts have the tokens of the sign-in", n)
			}
		})
	}
}
