package soak

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// work is a mix of clients that remember what they were answered.
type work struct {
	*load
	i *instance

	mu      sync.Mutex
	people  []*client // whose sign-up was acknowledged, with their session
	revoked []*client // whose sign-out was
}

// newWork sets readers, somebody who signs in and out, and somebody who signs up
// to work on an instance.
func newWork(t *testing.T, i *instance) *work {
	t.Helper()
	w := &work{load: newLoad(t), i: i}
	readers := []*client{newClient(i)}
	readers[0].signUp(t, "reader@example.test")
	for range 3 {
		readers = append(readers, readers[0].on(i))
	}
	w.begin(len(readers), 5*time.Millisecond, func(client, _ int) {
		c := readers[client]
		if a := c.get("/get-session"); w.take("get-session", a, a.ok("reader@example.test")) {
			a = c.get("/list-sessions")
			w.take("list-sessions", a, a.ok("token"))
		}
	})
	w.begin(1, 20*time.Millisecond, func(int, int) { w.comesAndGoes() })
	w.begin(1, 20*time.Millisecond, func(_, round int) { w.signsUp(fmt.Sprintf("new%d@example.test", round)) })
	return w
}

func (w *work) signsUp(email string) {
	c := newClient(w.i)
	defer c.leave()
	if a := c.post("/sign-up/email", credentials(email)); w.take("sign-up", a, a.ok(email)) {
		w.mu.Lock()
		w.people = append(w.people, c)
		w.mu.Unlock()
	}
}

// comesAndGoes signs in and out. A sign-out without an answer may have happened
// or not; after an answer the session is gone.
func (w *work) comesAndGoes() {
	c := newClient(w.i)
	defer c.leave()
	if a := c.post("/sign-in/email", credentials("reader@example.test")); !w.take("sign-in", a, a.ok("reader@example.test")) {
		return
	}
	held := c.on(w.i) // keeps the cookie that the sign-out takes away
	if a := c.post("/sign-out", map[string]any{}); w.take("sign-out", a, a.ok("true")) {
		w.mu.Lock()
		w.revoked = append(w.revoked, held)
		w.mu.Unlock()
	}
}

// normalAfter waits for a time in which nobody is refused any more, and tells how
// long after the given moment the last refusal was.
func (w *work) normalAfter(moment time.Time) time.Duration {
	w.t.Helper()
	const quiet = 500 * time.Millisecond
	within(w.t, "answers without refusals", func() bool {
		last := w.lastRefusal()
		return time.Since(last) > quiet && time.Since(moment) > quiet
	})
	return max(0, w.lastRefusal().Sub(moment))
}

// finish ends the work and looks at what is left of it: everything acknowledged
// is there, and nothing that was revoked.
func (w *work) finish() (times []time.Duration, refused int) {
	w.t.Helper()
	w.end()
	w.complain()
	read := func(c *client) answer {
		c = c.on(w.i)
		defer c.leave()
		return c.get("/get-session")
	}
	for n, c := range w.people {
		if a := read(c); !a.ok("@example.test") {
			w.t.Errorf("the sign-up number %d was acknowledged, and its session is answered %s", n, a)
		}
	}
	for n, c := range w.revoked {
		if a := read(c); a.status != http.StatusOK || a.text != "null" {
			w.t.Errorf("the sign-out number %d was acknowledged, and its session is answered %s", n, a)
		}
	}
	times, refused = w.drain()
	if len(w.people) == 0 || len(w.revoked) == 0 || len(times) < 10 {
		w.t.Errorf("%d sign-ups, %d sign-outs and %d right answers are no work", len(w.people), len(w.revoked), len(times))
	}
	return times, refused
}
