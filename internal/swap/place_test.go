package swap_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// place is a server that people go to: an original or sallyport.
type place struct {
	t   *testing.T
	url string
	// link gives that of the newest message of an event to an address.
	link func(event, address string) string
	// bare says that it has no plugins: no names, no tokens, no apps.
	bare bool
}

// answer is what a place says.
type answer struct {
	t       *testing.T
	what    string
	status  int
	header  http.Header
	text    string
	cookies string
}

// browser asks no proxy and follows no redirect.
var browser = &http.Client{
	Timeout:       time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// get and post send what a page of the application would.
func (p *place) get(path, cookies string) *answer {
	p.t.Helper()
	return p.send(http.MethodGet, path, cookies, "")
}

func (p *place) post(path, cookies string, body map[string]any) *answer {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.send(http.MethodPost, path, cookies, string(text))
}

func (p *place) send(method, path, cookies, body string) *answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+"/api/auth"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Host = "auth.test"
	r.Header.Set("Origin", "http://auth.test")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	res, err := browser.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return &answer{p.t, method + " " + path, res.StatusCode, res.Header, string(text), cookiesOf(res)}
}

// cookiesOf are those to send from now on.
func cookiesOf(res *http.Response) string {
	var pairs []string
	for _, c := range res.Cookies() {
		if c.MaxAge >= 0 && c.Value != "" {
			pairs = append(pairs, c.Name+"="+c.Value)
		}
	}
	return strings.Join(pairs, "; ")
}

// follow opens a mailed link, whose host is nobody's here.
func (p *place) follow(link string) *answer {
	p.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.get(strings.TrimPrefix(u.RequestURI(), "/api/auth"), "")
}

// is ends the test when the status is another.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d: %s", a.what, a.status, status, a.text)
	}
	return a
}

// says complains unless the answer holds every part.
func (a *answer) says(parts ...string) *answer {
	a.t.Helper()
	for _, part := range parts {
		if !strings.Contains(a.text, part) {
			a.t.Errorf("%s: %q is missing in %s", a.what, part, a.text)
		}
	}
	return a
}

// member gives a text of the answer.
func (a *answer) member(name string) string {
	a.t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(a.text), &all); err != nil {
		a.t.Fatalf("%s: %q: %v", a.what, a.text, err)
	}
	text, ok := all[name].(string)
	if !ok {
		a.t.Fatalf("%s has no text %q: %s", a.what, name, a.text)
	}
	return text
}

// sallyport is the place that a running server is.
func sallyport(t *testing.T, s *authtest.Server) *place {
	return &place{t: t, url: s.URL, link: func(event, address string) string {
		t.Helper()
		messages := s.Messages()
		for i := len(messages) - 1; i >= 0; i-- {
			if m := messages[i]; m.Event == event && m.Recipient == address {
				return m.URL()
			}
		}
		t.Fatalf("sallyport has sent no %s to %s", event, address)
		return ""
	}}
}

// original is the place that one is which posts its messages to a mailbox.
func original(t *testing.T, url string, mailbox *transcript.Mailbox) *place {
	return &place{t: t, url: url, link: func(event, address string) string {
		t.Helper()
		posted, err := mailbox.Take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i := len(posted) - 1; i >= 0; i-- {
			var m struct {
				Event, Recipient string
				Data             struct{ URL string }
			}
			if err := json.Unmarshal([]byte(posted[i]), &m); err != nil {
				t.Fatalf("%s: %v", posted[i], err)
			}
			if m.Event == event && m.Recipient == address {
				return m.Data.URL
			}
		}
		t.Fatalf("the original has sent no %s to %s, but %q", event, address, posted)
		return ""
	}}
}
