package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// person is a user, and what answers and missing answers tell of them.
type person struct {
	email string
	// answered says that the sign-up was; without it there may be no such user.
	answered bool
	// passwords are the one that counts, or two of which one does: a change
	// between them was not answered.
	passwords []string
	// cookie is that of a session which counts, if there is one.
	cookie string
	// asked is how many links to reset the password must come.
	asked int
	// used are tokens that have set a password; open is one that set the second
	// of the two passwords, or did not.
	used []string
	open string
}

func (p *person) password() string { return p.passwords[0] }

// client is somebody who does, over and over, what writes most: it signs up,
// changes the password, and resets it by mail.
type client struct {
	t      *testing.T
	base   string
	name   string
	mail   *receiver
	people []*person
	// answered is called after every answer.
	answered func()
}

// run goes on until the server is gone.
func (c *client) run(ctx context.Context) {
	for i := 0; ; i++ {
		p := &person{email: fmt.Sprintf("%s-%d@example.com", c.name, i), passwords: []string{"first password"}}
		c.people = append(c.people, p)
		if !c.signUp(ctx, p) || !c.change(ctx, p, "second password") || !c.reset(ctx, p, "third password") {
			return
		}
	}
}

func (c *client) signUp(ctx context.Context, p *person) bool {
	cookie, ok := c.post(ctx, "/sign-up/email", "", map[string]any{"name": "Ann", "email": p.email, "password": p.password()})
	p.answered, p.cookie = ok, cookie
	return ok
}

// change sets a new password with the session and the old one.
func (c *client) change(ctx context.Context, p *person, password string) bool {
	p.passwords = append(p.passwords, password)
	_, ok := c.post(ctx, "/change-password", p.cookie, map[string]any{"currentPassword": p.password(), "newPassword": password})
	if ok {
		p.passwords = p.passwords[1:]
	}
	return ok
}

// reset asks for a link and sets a new password with it.
func (c *client) reset(ctx context.Context, p *person, password string) bool {
	if _, ok := c.post(ctx, "/request-password-reset", "", map[string]any{"email": p.email}); !ok {
		return false
	}
	p.asked++
	token, ok := c.mail.next(ctx, p.email)
	if !ok {
		return false
	}
	p.passwords, p.open = append(p.passwords, password), token
	cookie := p.cookie
	p.cookie = "" // a reset ends sessions
	if _, ok := c.post(ctx, "/reset-password", cookie, map[string]any{"token": token, "newPassword": password}); !ok {
		return false
	}
	p.passwords, p.used, p.open = p.passwords[1:], append(p.used, token), ""
	return true
}

// post tells whether the answer was 200. No answer is none of the client's
// business; any other is a mistake of the server.
func (c *client) post(ctx context.Context, path, cookie string, body map[string]any) (string, bool) {
	status, text, cookie, err := ask(ctx, c.base+path, cookie, body)
	if err != nil {
		return "", false
	}
	c.answered()
	if status != http.StatusOK {
		c.t.Errorf("%s: %d %s", path, status, text)
	}
	return cookie, status == http.StatusOK
}

// ask posts JSON and gives the status, the text, and the session's cookie.
func ask(ctx context.Context, url, cookie string, body map[string]any) (int, string, string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, "", "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return 0, "", "", err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Origin": {"https://auth.example.com"}}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", "", err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	for _, c := range res.Cookies() {
		if strings.HasSuffix(c.Name, "session_token") && c.MaxAge > 0 {
			cookie = c.Name + "=" + c.Value
		}
	}
	return res.StatusCode, string(answer), cookie, err
}

// receiver is the webhook that the server's messages come to.
type receiver struct {
	url     string
	mu      sync.Mutex
	arrived *sync.Cond
	tokens  map[string][]string        // by recipient, in the order of arrival
	ids     map[string]map[string]bool // of messages, by recipient
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{tokens: map[string][]string{}, ids: map[string]map[string]bool{}}
	r.arrived = sync.NewCond(&r.mu)
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// ServeHTTP takes a message. One that comes again has the id that it had.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	var message struct {
		Recipient string
		Data      struct{ Token string }
	}
	if err := json.NewDecoder(request.Body).Decode(&message); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	id := request.Header.Get("webhook-id")
	if r.ids[message.Recipient] == nil {
		r.ids[message.Recipient] = map[string]bool{}
	}
	if !r.ids[message.Recipient][id] {
		r.ids[message.Recipient][id] = true
		r.tokens[message.Recipient] = append(r.tokens[message.Recipient], message.Data.Token)
	}
	r.arrived.Broadcast()
}

// count tells how many messages have come for somebody.
func (r *receiver) count(recipient string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.ids[recipient])
}

// next waits for the token of the message that nobody has taken yet.
func (r *receiver) next(ctx context.Context, recipient string) (string, bool) {
	stop := context.AfterFunc(ctx, r.arrived.Broadcast)
	defer stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for ctx.Err() == nil {
		if waiting := r.tokens[recipient]; len(waiting) > 0 {
			r.tokens[recipient] = waiting[1:]
			return waiting[0], true
		}
		r.arrived.Wait()
	}
	return "", false
}
