package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// api is where the API is on an instance.
const api = "/api/auth"

// client talks to one instance after the other and keeps the session's cookies.
// It is for one goroutine.
type client struct {
	url     string
	cookies map[string]string
	http    *http.Client
}

// answer is what came back, or why nothing did.
type answer struct {
	status int
	header http.Header
	text   string
	err    error
	took   time.Duration
}

// newClient gives a client of an instance with connections of its own.
func newClient(i *instance) *client {
	return &client{url: i.url, cookies: map[string]string{}, http: &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}}
}

// on gives a client with the same session on another instance.
func (c *client) on(i *instance) *client {
	other := newClient(i)
	for name, value := range c.cookies {
		other.cookies[name] = value
	}
	return other
}

// leave gives up the client's connections.
func (c *client) leave() { c.http.CloseIdleConnections() }

// get asks for a path of the API, post sends a body to one.
func (c *client) get(path string) answer {
	return c.ask(context.Background(), http.MethodGet, api+path, nil)
}

func (c *client) post(path string, body any) answer {
	return c.ask(context.Background(), http.MethodPost, api+path, body)
}

// ask sends a request to any path, and keeps the cookies of the answer.
func (c *client) ask(ctx context.Context, method, path string, body any) answer {
	begin := time.Now()
	a := c.send(ctx, method, path, body)
	a.took = time.Since(begin)
	return a
}

func (c *client) send(ctx context.Context, method, path string, body any) answer {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(text))
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("Origin", origin)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range c.cookies {
		r.Header.Add("Cookie", name+"="+value)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{err: err}
	}
	for _, cookie := range res.Cookies() {
		if c.cookies[cookie.Name] = cookie.Value; cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		}
	}
	return answer{status: res.StatusCode, header: res.Header, text: string(all)}
}

// ok tells whether the answer is 200 and holds a text.
func (a answer) ok(holding string) bool {
	return a.status == http.StatusOK && strings.Contains(a.text, holding)
}

// refused tells whether the answer is what a fault may lead to: none at all, or
// 503 that says when to come back.
func (a answer) refused() bool {
	return a.err != nil || a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != ""
}

// String describes the answer for a complaint.
func (a answer) String() string {
	if a.err != nil {
		return a.err.Error()
	}
	return fmt.Sprintf("%d %.200s after %s", a.status, a.text, a.took.Round(time.Millisecond))
}

// credentials are a sign-up and a sign-in of the address.
func credentials(email string) map[string]any {
	return map[string]any{"name": "Ann", "email": email, "password": authtest.Password}
}

// signUp makes a user, whose session the client then has.
func (c *client) signUp(t *testing.T, email string) {
	t.Helper()
	if a := c.post("/sign-up/email", credentials(email)); !a.ok(email) {
		t.Fatalf("sign-up: %s", a)
	}
}
