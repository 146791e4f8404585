package core_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// three gives three clients of one user, and one of a stranger.
func three(t *testing.T) (s *authtest.Server, ann [3]*authtest.Client, stranger *authtest.Client) {
	t.Helper()
	s = authtest.New(t, authtest.Starter)
	ann[0] = s.Client()
	ann[0].SignUp("ann@example.test")
	for i := 1; i < 3; i++ {
		ann[i] = s.Client()
		ann[i].Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	}
	stranger = s.Client()
	stranger.SignUp("bob@example.test")
	return s, ann, stranger
}

func in(c *authtest.Client) bool { return c.Get("/get-session").Is(http.StatusOK).Text != "null" }

func tokenOf(t *testing.T, c *authtest.Client) string {
	t.Helper()
	return part(t, c.Get("/get-session"), "session")["token"].(string)
}

func TestListSessions(t *testing.T) {
	t.Parallel()
	s, ann, _ := three(t)
	var list []map[string]any
	if err := json.Unmarshal([]byte(ann[0].Get("/list-sessions").Is(http.StatusOK).Text), &list); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, c := range ann {
		want[tokenOf(t, c)] = true
	}
	for _, session := range list {
		delete(want, session["token"].(string))
	}
	if len(list) != 3 || len(want) != 0 {
		t.Errorf("%d sessions, missing %v", len(list), want)
	}
	// What has ended is not listed.
	s.Exec(`update session set "expiresAt" = $1 where token = $2`, s.Clock.Now().Add(-time.Minute), tokenOf(t, ann[1]))
	if err := json.Unmarshal([]byte(ann[0].Get("/list-sessions").Text), &list); err != nil || len(list) != 2 {
		t.Errorf("%d sessions (%v)", len(list), err)
	}
}

func TestRevokeOneSession(t *testing.T) {
	t.Parallel()
	_, ann, stranger := three(t)
	// A token of somebody else, or of nobody, is answered alike and ends nothing.
	for _, token := range []string{tokenOf(t, ann[0]), "nobody's"} {
		a := stranger.Post("/revoke-session", map[string]any{"token": token}).Is(http.StatusOK)
		if a.Text != `{"status":true}` || len(a.Header.Values("Set-Cookie")) != 0 || !in(ann[0]) || !in(stranger) {
			t.Errorf("revoking %q: %s", token, a.Text)
		}
	}
	a := ann[0].Post("/revoke-session", map[string]any{"token": tokenOf(t, ann[1])}).Is(http.StatusOK)
	if len(a.Header.Values("Set-Cookie")) != 0 || in(ann[1]) || !in(ann[0]) || !in(ann[2]) {
		t.Error("revoking one of mine ended another, or none")
	}
	own := ann[0].Post("/revoke-session", map[string]any{"token": tokenOf(t, ann[0])}).Is(http.StatusOK)
	cleared(t, own)
	if in(ann[0]) || !in(ann[2]) {
		t.Error("revoking my own ended another, or none")
	}
	ann[2].Post("/revoke-session", "{}").Code(400, "VALIDATION_ERROR")
	ann[2].Post("/revoke-session", map[string]any{"token": "a\x00b"}).Code(400, "VALIDATION_ERROR")
}

func TestRevokeSessions(t *testing.T) {
	t.Parallel()
	_, ann, stranger := three(t)
	a := ann[0].Post("/revoke-other-sessions", "{}").Is(http.StatusOK)
	if a.Text != `{"status":true}` || !in(ann[0]) || in(ann[1]) || in(ann[2]) || !in(stranger) {
		t.Errorf("revoke-other-sessions: %s", a.Text)
	}
	ann[1].Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	a = ann[1].Post("/revoke-sessions", "{}").Is(http.StatusOK)
	if a.Text != `{"status":true}` || in(ann[0]) || in(ann[1]) || !in(stranger) {
		t.Errorf("revoke-sessions: %s", a.Text)
	}
	cleared(t, a)
}

func TestEndpointsThatNeedASession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.Get("/list-sessions").Code(401, "UNAUTHORIZED")
	c.Post("/revoke-session", map[string]any{"token": "x"}).Code(401, "UNAUTHORIZED")
	// What is wrong with the body is told before the missing session is.
	c.Post("/revoke-session", "{}").Code(400, "VALIDATION_ERROR")
	for _, path := range []string{"/revoke-sessions", "/revoke-other-sessions"} {
		c.Post(path, "{}").Code(401, "UNAUTHORIZED")
	}
}

// A session that ends on one instance has ended on the others.
func TestRevocationCountsOnEveryInstance(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	other := authtest.New(t, authtest.Starter+"baseURL: "+s.URL+"\n", authtest.Beside(s))
	a, b := s.Client(), other.Client()
	a.SignUp("ann@example.test")
	for range 5 {
		b.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
		if !in(b) {
			t.Fatal("not in")
		}
		a.Post("/revoke-other-sessions", "{}").Is(http.StatusOK)
		if in(b) {
			t.Fatal("a revoked session still counts on the other instance")
		}
	}
}
