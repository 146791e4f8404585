package soak

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// TestR19RevocationIsEffectiveAtOnceOnAllInstances revokes a session through one
// instance and reads it through another, as soon as the revocation is answered.
func TestR19RevocationIsEffectiveAtOnceOnAllInstances(t *testing.T) {
	t.Parallel()
	s := newSite(t, basic, "")
	a, b := s.serve(), s.serve()
	owner := newClient(a)
	owner.signUp(t, "ann@example.test")
	rounds, stale := pick(32, 1000), 0
	begin := time.Now()
	for round := range rounds {
		c := newClient(a)
		signedIn := c.post("/sign-in/email", credentials("ann@example.test"))
		var token struct{ Token string }
		if err := json.Unmarshal([]byte(signedIn.text), &token); err != nil || token.Token == "" {
			t.Fatalf("sign-in: %s", signedIn)
		}
		there := c.on(b)
		if got := there.get("/get-session"); !got.ok(token.Token) {
			t.Fatalf("round %d: before: %s", round, got)
		}
		for what, end := range revocations(owner, c, token.Token)[round%4] {
			if got := end(); !got.ok("") {
				t.Fatalf("round %d: %s: %s", round, what, got)
			}
			session, sessions := there.get("/get-session"), there.get("/list-sessions")
			if session.text != "null" || sessions.status != http.StatusUnauthorized {
				stale++
				t.Errorf("round %d: after %s the other instance answers %s and %s", round, what, session, sessions)
			}
		}
	}
	row(t, "R19", "%d revocations on one instance, read on the other: %d stale answers (%s)", rounds, stale, time.Since(begin).Round(time.Second))
}

// revocations are the ways in which the session of c, with that token, ends; the
// other is the same user's. The last leaves the other with a new session.
func revocations(other, c *client, token string) []map[string]func() answer {
	return []map[string]func() answer{
		{"sign-out": func() answer { return c.post("/sign-out", map[string]any{}) }},
		{"revoke-session": func() answer { return other.post("/revoke-session", map[string]any{"token": token}) }},
		{"revoke-other-sessions": func() answer { return other.post("/revoke-other-sessions", map[string]any{}) }},
		{"change-password": func() answer {
			password := credentials("")["password"]
			return other.post("/change-password", map[string]any{
				"currentPassword": password, "newPassword": password, "revokeOtherSessions": true,
			})
		}},
	}
}
