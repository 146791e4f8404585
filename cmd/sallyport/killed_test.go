package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

var kills = flag.Int("kills", 5, "how often the server is killed in the midst of its work")

const (
	// clientsAtWork is how many clients are at work when the server is killed.
	clientsAtWork = 6
	// mostAnswers is how many answers a server gives at most before it is killed;
	// a slow one lives no longer than longestLife.
	mostAnswers = 80
	longestLife = 8 * time.Second
	// deliveredWithin is when the messages of a killed server must have come.
	deliveredWithin = 30 * time.Second
)

// Whatever a server was doing when it was killed is done or is not, and what it
// has answered stays.
func TestAKilledServerLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	mail := newReceiver(t)
	o.configure(fmt.Sprintf(`
emailAndPassword: {enabled: true, sendResetPassword: true, revokeSessionsOnPasswordReset: true}
rateLimit: {enabled: false}
messaging: {webhook: {url: %q, secret: whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZXNlIHRlc3Rz}}
`, mail.url))
	s := o.serve("--migrate")
	var all []*person
	for round := range *kills {
		people := s.work(t, mail, round)
		o.keepsItsTables()
		s = o.serve()
		resets, open := 0, 0
		for _, p := range people {
			s.knows(t, p)
			resets += len(p.used)
			if len(p.passwords) > 1 || !p.answered {
				open++
			}
		}
		t.Logf("round %d: %d people, %d resets, %d without the last answer", round+1, len(people), resets, open)
		all = append(all, people...)
	}
	o.delivers(mail, all)
	s.stop()
}

// work lets clients work until the server is killed.
func (s *serving) work(t *testing.T, mail *receiver, round int) []*person {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var clients []*client
	var group sync.WaitGroup
	enough := make(chan struct{})
	left := &atomic.Int64{}
	left.Store(1 + rand.Int64N(mostAnswers))
	answered := func() {
		if left.Add(-1) == 0 {
			close(enough)
		}
	}
	for i := range clientsAtWork {
		c := &client{t: t, base: s.url("/api/auth"), name: fmt.Sprintf("r%dc%d", round, i), mail: mail, answered: answered}
		clients = append(clients, c)
		group.Go(func() { c.run(ctx) })
	}
	select {
	case <-enough:
		// The others are in the midst of something, and a little further each time.
		time.Sleep(time.Duration(rand.Int64N(int64(100 * time.Millisecond))))
	case <-time.After(longestLife):
	}
	s.signal(syscall.SIGKILL)
	cancel()
	group.Wait()
	var people []*person
	for _, c := range clients {
		people = append(people, c.people...)
	}
	return people
}

// keepsItsTables looks for what no finished request leaves behind.
func (o *operator) keepsItsTables() {
	o.t.Helper()
	for what, query := range map[string]string{
		"users without exactly one credential": `SELECT count(*) FROM "user" u WHERE (SELECT count(*) FROM account WHERE "userId" = u.id AND "providerId" = 'credential') <> 1`,
		"accounts without a user":              `SELECT count(*) FROM account a WHERE NOT EXISTS (SELECT FROM "user" WHERE id = a."userId")`,
		"sessions without a user":              `SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT FROM "user" WHERE id = s."userId")`,
		"sign-ups that are not in the log":     `SELECT count(*) FROM "user" u WHERE NOT EXISTS (SELECT FROM sallyport.audit WHERE event = 'sign-up' AND user_id = u.id)`,
		"sign-ups in the log of nobody":        `SELECT count(*) FROM sallyport.audit a WHERE event = 'sign-up' AND NOT EXISTS (SELECT FROM "user" WHERE id = a.user_id)`,
		"sessions that began without a note":   `SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT FROM sallyport.audit WHERE session_id = s.id AND event IN ('sign-up', 'sign-in'))`,
		"messages without a job":               `SELECT count(*) FROM sallyport.message m WHERE NOT EXISTS (SELECT FROM sallyport.river_job WHERE args ->> 'message' = m.id)`,
	} {
		if n := o.query(query); n > 0 {
			o.t.Errorf("%d %s", n, what)
		}
	}
}

// knows asks the server whether a person has what was answered, and whether what
// was not answered is done or is not.
func (s *serving) knows(t *testing.T, p *person) {
	t.Helper()
	var right []string
	for _, password := range p.passwords {
		if s.posts(t, "/sign-in/email", map[string]any{"email": p.email, "password": password}) == http.StatusOK {
			right = append(right, password)
		}
	}
	switch {
	case !p.answered && len(right) == 0:
		if status := s.posts(t, "/sign-up/email", map[string]any{"name": "Ann", "email": p.email, "password": "x-password"}); status != http.StatusOK {
			t.Errorf("%s is neither signed up nor can be: %d", p.email, status)
		}
		return
	case len(right) != 1:
		t.Errorf("%s may sign in with %q, should with one of %q", p.email, right, p.passwords)
		return
	}
	if p.cookie != "" {
		if _, body, _ := s.ask(t, http.MethodGet, "/get-session", "", p.cookie, ""); body == "null" {
			t.Errorf("%s has lost a session", p.email)
		}
	}
	for _, token := range p.used {
		if status := s.posts(t, "/reset-password", map[string]any{"token": token, "newPassword": "x-password"}); status != http.StatusBadRequest {
			t.Errorf("%s: a used link is answered with %d", p.email, status)
		}
	}
	if p.open == "" {
		return
	}
	want := http.StatusOK
	if right[0] == p.passwords[1] {
		want = http.StatusBadRequest
	}
	if status := s.posts(t, "/reset-password", map[string]any{"token": p.open, "newPassword": "x-password"}); status != want {
		t.Errorf("%s has the password %q, and its link is answered with %d", p.email, right[0], status)
	}
}

// posts gives the status of an answer.
func (s *serving) posts(t *testing.T, path string, body map[string]any) int {
	t.Helper()
	status, _, _, err := ask(t.Context(), s.url("/api/auth"+path), "", body)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// delivers waits for the messages that the killed servers have promised.
func (o *operator) delivers(mail *receiver, people []*person) {
	o.t.Helper()
	// A message that was on its way when the server was killed is taken up again
	// two minutes later. Here it is at once.
	o.query(`WITH stuck AS (UPDATE sallyport.river_job SET state = 'available' WHERE state = 'running' RETURNING 1) SELECT count(*) FROM stuck`)
	deadline := time.Now().Add(deliveredWithin)
	for _, p := range people {
		for mail.count(p.email) < p.asked {
			if time.Now().After(deadline) {
				o.t.Fatalf("%s asked for %d links and got %d", p.email, p.asked, mail.count(p.email))
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// query gives the number that a query for one number gives.
func (o *operator) query(sql string) int {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.env["DATABASE_URL"])
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var n int
	if err := conn.QueryRow(o.t.Context(), sql).Scan(&n); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return n
}
