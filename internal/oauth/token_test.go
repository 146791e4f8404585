package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// tokenServer is a token endpoint that answers as it is told and remembers what
// it was asked.
type tokenServer struct {
	*httptest.Server
	status       int
	answer       string
	header       http.Header
	body, method string
}

func newTokenServer(t *testing.T) *tokenServer {
	t.Helper()
	s := &tokenServer{status: http.StatusOK, answer: `{"access_token":"a"}`}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.header, s.body, s.method = r.Header.Clone(), string(body), r.Method
		w.WriteHeader(s.status)
		_, _ = io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

var tokenTime = time.Unix(1_800_000_000, 0)

func (s *tokenServer) endpoint() *oauth.TokenEndpoint {
	return &oauth.TokenEndpoint{
		Client: outbound.New(outbound.Options{Transport: http.DefaultTransport}), URL: s.URL, ClientID: "id", ClientSecret: "secret",
		Now: func() time.Time { return tokenTime },
	}
}

func TestFormsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	exchange := func(e *oauth.TokenEndpoint, extra ...oauth.Param) error {
		_, err := e.Exchange(t.Context(), oauth.Code{Code: "c", Verifier: "v", RedirectURI: "https://a.test/cb", DeviceID: "d"}, extra...)
		return err
	}
	tests := []struct {
		name  string
		edit  func(*oauth.TokenEndpoint)
		extra []oauth.Param
		want  string
		auth  string
	}{
		{"secret in the body", nil, nil, "&client_id=id&client_secret=secret", ""},
		{"no secret", func(e *oauth.TokenEndpoint) { e.ClientSecret = "" }, nil, "&client_id=id", ""},
		{"in the header", func(e *oauth.TokenEndpoint) { e.Auth, e.ClientSecret = oauth.BasicSecret, "a b:é" }, nil, "", "Basic aWQ6YStiJTNBJUMzJUE5"},
		{"further", nil, []oauth.Param{{Name: "resource", Value: "r"}, {Name: "code", Value: "no"}}, "&resource=r&client_id=id&client_secret=secret", ""},
		{"own way", func(e *oauth.TokenEndpoint) {
			e.Auth = oauth.OwnWay
			e.Prove = func(_ context.Context, f *oauth.Form, h http.Header) error {
				f.Set("client_assertion", "jwt")
				h.Set("X-Own", "1")
				return nil
			}
		}, nil, "&client_assertion=jwt", ""},
	}
	for _, tt := range tests {
		e := s.endpoint()
		if tt.edit != nil {
			tt.edit(e)
		}
		if err := exchange(e, tt.extra...); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		const begin = "grant_type=authorization_code&code=c&code_verifier=v&device_id=d&redirect_uri=https%3A%2F%2Fa.test%2Fcb"
		if s.body != begin+tt.want || s.header.Get("Authorization") != tt.auth || s.method != http.MethodPost ||
			s.header.Get("Accept") != "application/json" || s.header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s: %s %v", tt.name, s.body, s.header)
		}
	}
	e := s.endpoint()
	if _, err := e.Refresh(t.Context(), "r", oauth.Param{Name: "scope", Value: ""}, oauth.Param{Name: "grant_type", Value: "no"}); err != nil || s.body != "grant_type=refresh_token&refresh_token=r&scope=&client_id=id&client_secret=secret" {
		t.Errorf("%s, %v", s.body, err)
	}
	s.body = ""
	for _, e := range []*oauth.TokenEndpoint{{Client: e.Client, URL: s.URL}, {Client: e.Client, URL: s.URL, ClientID: "id", Auth: oauth.BasicSecret}} {
		if err := exchange(e); err == nil || s.body != "" {
			t.Errorf("asked without an id or a secret: %v", err)
		}
	}
}

func TestAnswersOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	for answer, want := range map[string]struct {
		good, refreshes bool
		access          string
		expires         time.Duration
		scopes          string
	}{
		`{"access_token":"a","expires_in":60,"scope":" b  c "}`:          {true, true, "a", time.Minute, "b,c"},
		`{"access_token":"a","expires_in":"60","scope":["b c"," d ",1]}`: {true, true, "a", time.Minute, "b c,d"},
		`{"access_token":"a","expires_in":1.5}`:                          {true, true, "a", 1500 * time.Millisecond, ""},
		`{"access_token":"a","expires_in":1e300}`:                        {true, true, "a", 0, ""},
		`{"access_token":"a","expires_in":{},"scope":{}}`:                {true, true, "a", 0, ""},
		`{"access_token":1,"refresh_token":[],"id_token":{}}`:            {true, false, "", 0, ""},
		`{"error":"invalid_grant"}`:                                      {true, false, "", 0, ""},
		`access_token=a&scope=b`:                                         {true, false, "", 0, ""},
		`<html>`:                                                         {true, false, "", 0, ""},
		``:                                                               {true, false, "", 0, ""},
		`"text"`:                                                         {true, false, "", 0, ""},
		`[]`:                                                             {true, false, "", 0, ""},
		`null`:                                                           {},
	} {
		s.answer = answer
		got, err := s.endpoint().Exchange(t.Context(), oauth.Code{Code: "c"})
		if (err == nil) != want.good {
			t.Errorf("%s: %v", answer, err)
		}
		if _, err := s.endpoint().Refresh(t.Context(), "r"); (err == nil) != want.refreshes {
			t.Errorf("%s to a refresh token: %v", answer, err)
		}
		if got == nil {
			continue
		}
		life := time.Duration(0)
		if !got.AccessExpiresAt.IsZero() {
			life = got.AccessExpiresAt.Sub(tokenTime)
		}
		if got.Access != want.access || life != want.expires || strings.Join(got.Scopes, ",") != want.scopes || got.Refresh != "" || got.ID != "" {
			t.Errorf("%s: %+v", answer, got)
		}
	}
	if _, err := s.endpoint().Refresh(t.Context(), "r"); errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFailuresOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	s := newTokenServer(t)
	for _, status := range []int{301, 302, 307, 400, 401, 403, 404, 429, 500, 503} {
		s.status = status
		if got, err := s.endpoint().Exchange(t.Context(), oauth.Code{Code: "hidden"}); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%d: %v, %v", status, got, err)
		}
	}
	if values, _ := url.ParseQuery(s.body); !slices.Equal(values["code"], []string{"hidden"}) {
		t.Errorf("asked with %s", s.body)
	}
}
