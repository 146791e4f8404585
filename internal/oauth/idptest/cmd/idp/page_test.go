package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// site is the program as a test has it.
type site struct {
	t   *testing.T
	url string
}

func newSite(t *testing.T) site {
	t.Helper()
	handler, err := ask(idptest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return site{t, server.URL + "/https/idp.test"}
}

const authorize = "/authorize?response_type=code&client_id=public-app&state=abc&redirect_uri=https%3A%2F%2Fapp.test%2Fcallback"

// do asks without following redirects.
func (s site) do(method, path string, form url.Values, header http.Header) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(body)
}

// answers sends the form of the page, and gives what the browser brings back.
func (s site) answers(form url.Values) url.Values {
	s.t.Helper()
	response, body := s.do(http.MethodPost, authorize, form, nil)
	to, err := response.Location()
	if err != nil || response.StatusCode != http.StatusSeeOther || to.Host != "app.test" {
		s.t.Fatalf("%d %v %v: %s", response.StatusCode, to, err, body)
	}
	return to.Query()
}

// person is what the site tells of whoever has brought a code.
func (s site) person(code string) map[string]any {
	s.t.Helper()
	var tokens struct {
		Access string `json:"access_token"`
	}
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "client_id": {"public-app"}, "redirect_uri": {"https://app.test/callback"},
	}
	if _, body := s.do(http.MethodPost, "/token", form, nil); json.Unmarshal([]byte(body), &tokens) != nil || tokens.Access == "" {
		s.t.Fatalf("there is no token in %s", body)
	}
	var person map[string]any
	_, body := s.do(http.MethodGet, "/userinfo", nil, http.Header{"Authorization": {"Bearer " + tokens.Access}})
	if err := json.Unmarshal([]byte(body), &person); err != nil {
		s.t.Fatalf("%v: %s", err, body)
	}
	return person
}

func TestThePageAsksWhoItIs(t *testing.T) {
	response, body := newSite(t).do(http.MethodGet, authorize, nil, nil)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "<h1>idp.test of the tests</h1>") {
		t.Errorf("the page is %d: %s", response.StatusCode, body)
	}
}

func TestPeopleAtTheSiteDoNotBecomeEachOther(t *testing.T) {
	s := newSite(t)
	ann := s.answers(url.Values{"answer": {"yes"}, "email": {"ann@example.com"}, "name": {"Ann"}})
	bob := s.answers(url.Values{"answer": {"yes"}, "email": {"bob@example.com"}, "name": {"Bob"}, "unproven": {"on"}})
	for code, want := range map[string]map[string]any{
		ann.Get("code"): {"email": "ann@example.com", "name": "Ann", "email_verified": true},
		bob.Get("code"): {"email": "bob@example.com", "name": "Bob", "email_verified": false},
	} {
		got := s.person(code)
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s is %v, want %v", name, got[name], want[name])
			}
		}
	}
	if ann.Get("state") != "abc" {
		t.Errorf("the state comes back as %q", ann.Get("state"))
	}
}

func TestWhoeverRefusesGoesBackWithoutACode(t *testing.T) {
	back := newSite(t).answers(url.Values{"answer": {"no"}})
	if back.Get("error") != "access_denied" || back.Has("code") || back.Get("state") != "abc" {
		t.Errorf("the browser brings back %v", back)
	}
}
