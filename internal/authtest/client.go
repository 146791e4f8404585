package authtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// Client talks to one server and keeps its cookies.
type Client struct {
	// Header is sent with every request, besides the server's own Origin.
	Header http.Header

	server *Server
	http   *http.Client
	t      testing.TB
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	// Text is the body as it came.
	Text string
	t    testing.TB
}

// Client gives a new client, which has no cookies yet and follows no redirect.
func (s *Server) Client() *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Client{server: s, t: s.t, Header: http.Header{"Origin": {s.Server.Auth.Origin}}, http: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Get asks for a path of the API.
func (c *Client) Get(path string) *Answer {
	c.t.Helper()
	return c.Do(http.MethodGet, path, "", "")
}

// Post sends a body as JSON: text as it is, anything else encoded.
func (c *Client) Post(path string, body any) *Answer {
	c.t.Helper()
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(encoded)
	}
	return c.Do(http.MethodPost, path, "application/json", text)
}

// Do sends any request to a path of the API.
func (c *Client) Do(method, path, contentType, body string) *Answer {
	c.t.Helper()
	return c.Send(c.Request(method, path, contentType, body))
}

// Request makes what Do sends.
func (c *Client) Request(method, path, contentType, body string) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.server.Base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}

// Cookie gives the value of a cookie that the client keeps for the API, by the
// end of its name; it is empty where there is none.
func (c *Client) Cookie(name string) string {
	base, err := url.Parse(c.server.Base)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range c.http.Jar.Cookies(base) {
		if strings.HasSuffix(cookie.Name, "."+name) {
			return cookie.Value
		}
	}
	return ""
}

// Send sends a request that the test made itself.
func (c *Client) Send(r *http.Request) *Answer {
	c.t.Helper()
	a, err := c.Try(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// Try is Send for goroutines, which may not end the test, and for requests that
// may go unanswered.
func (c *Client) Try(r *http.Request) (*Answer, error) {
	res, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	var text bytes.Buffer
	if _, err := io.Copy(&text, res.Body); err != nil {
		return nil, err
	}
	return &Answer{Status: res.StatusCode, Header: res.Header, Text: text.String(), t: c.t}, nil
}

// SignUp makes a user, whose session the client then has, and gives the answer.
func (c *Client) SignUp(email string) *Answer {
	c.t.Helper()
	a := c.Post("/sign-up/email", map[string]any{"name": "Test", "email": email, "password": Password})
	return a.Is(http.StatusOK)
}

// Password is the password of every user that SignUp makes.
const Password = "correct horse battery"

// Is ends the test when the status is another.
func (a *Answer) Is(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("status %d, want %d: %s", a.Status, status, a.Text)
	}
	return a
}

// Code ends the test unless the answer is that error.
func (a *Answer) Code(status int, code string) *Answer {
	a.t.Helper()
	if got, _ := a.Is(status).JSON()["code"].(string); got != code {
		a.t.Fatalf("code %q, want %q: %s", got, code, a.Text)
	}
	return a
}

// JSON gives the body as an object.
func (a *Answer) JSON() map[string]any {
	a.t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(a.Text), &out); err != nil {
		a.t.Fatalf("%s: %v", a.Text, err)
	}
	return out
}
