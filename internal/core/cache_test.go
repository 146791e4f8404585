package core_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// cacheForms are the configurations of the cookie cache, by their form.
var cacheForms = map[string]string{
	"compact":        authtest.Starter + "session: {cookieCache: {enabled: true}}\n",
	"jwt":            authtest.Starter + "session: {cookieCache: {enabled: true, strategy: jwt}}\n",
	"jwe":            authtest.Starter + "session: {cookieCache: {enabled: true, strategy: jwe}}\n",
	"jwt of the key": strings.Replace(authtest.Starter, "jwt: {}", "jwt: {sessionCookieCache: true}", 1) + "session: {cookieCache: {enabled: true, strategy: jwt}}\n",
}

// eachForm runs a test on a server of each form.
func eachForm(t *testing.T, test func(t *testing.T, configuration string)) {
	t.Helper()
	for name, configuration := range cacheForms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, configuration)
		})
	}
}

func TestACachedSessionNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	eachForm(t, func(t *testing.T, configuration string) {
		wire := &authtest.Wire{}
		s := authtest.New(t, configuration, authtest.Through(wire))
		c := s.Client()
		user := part(t, c.SignUp("ann@example.test"), "user")
		wire.Cut()
		a := c.Get("/get-session").Is(http.StatusOK)
		if part(t, a, "user")["id"] != user["id"] || len(a.Header.Values("Set-Cookie")) != 0 {
			t.Errorf("got %s %q", a.Text, a.Header.Values("Set-Cookie"))
		}
		if a.Header.Get("set-auth-jwt") == "" {
			t.Error("no token for it")
		}
		c.Get("/token").Is(http.StatusOK)
		c.Get("/get-session?disableCookieCache=1").Is(http.StatusServiceUnavailable)
	})
}

func TestAnswersFromTheCacheHaveAnOrderOfTheirOwn(t *testing.T) {
	t.Parallel()
	eachForm(t, func(t *testing.T, configuration string) {
		c := authtest.New(t, configuration).Client()
		c.SignUp("ann@example.test")
		const want = "session session.id session.createdAt session.updatedAt session.userId session.expiresAt session.token session.ipAddress session.userAgent " +
			"user user.id user.createdAt user.updatedAt user.email user.emailVerified user.name user.image"
		if got := keys(t, c.Get("/get-session").Text); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// The copy ends by itself and is then made anew from the database.
func TestACachedSessionEnds(t *testing.T) {
	t.Parallel()
	eachForm(t, func(t *testing.T, configuration string) {
		s := authtest.New(t, configuration)
		c := s.Client()
		c.SignUp("ann@example.test")
		s.Exec(`update "user" set name = 'Other'`)
		if name := part(t, c.Get("/get-session"), "user")["name"]; name != "Test" {
			t.Errorf("at once %v", name)
		}
		s.Clock.Advance(301 * time.Second)
		a := c.Get("/get-session")
		if lines := setCookies(a, "session_data"); part(t, a, "user")["name"] != "Other" || len(lines) != 2 ||
			!strings.Contains(lines[0], "Max-Age=0") || !strings.Contains(lines[1], "Max-Age=300") {
			t.Errorf("later %s %q", a.Text, lines)
		}
	})
}

// revoked gives a client whose session another server has just revoked, and that
// still holds a copy of it.
func revoked(a, b *authtest.Server, email string) *authtest.Client {
	c := b.Client()
	token := c.SignUp(email).JSON()["token"].(string)
	other := a.Client()
	other.Post("/sign-in/email", credentials(email)).Is(http.StatusOK)
	other.Post("/revoke-session", map[string]any{"token": token}).Is(http.StatusOK)
	return c
}

// A revoked session never authorises what changes security, from the moment in
// which another server answered the revocation.
func TestARevokedSessionIsRefusedBySensitiveEndpointsAtOnce(t *testing.T) {
	t.Parallel()
	a := authtest.New(t, cacheForms["compact"])
	b := authtest.New(t, cacheForms["compact"], authtest.Beside(a))
	for i, do := range []func(c *authtest.Client) *authtest.Answer{
		func(c *authtest.Client) *authtest.Answer { return c.Post("/revoke-other-sessions", "{}") },
		func(c *authtest.Client) *authtest.Answer { return c.Post("/revoke-sessions", "{}") },
		func(c *authtest.Client) *authtest.Answer { return c.Post("/revoke-session", `{"token":"x"}`) },
	} {
		c := revoked(a, b, string(rune('a'+i))+"@example.test")
		if c.Get("/get-session").Text == "null" {
			t.Error("the copy does not count where it may")
		}
		answer := do(c).Code(http.StatusUnauthorized, "UNAUTHORIZED")
		if len(setCookies(answer, "session_data")) == 0 || c.Get("/get-session").Text != "null" {
			t.Errorf("the browser keeps the copy: %q", answer.Header.Values("Set-Cookie"))
		}
	}
}

// A revoked session neither changes anything, nor learns of other sessions, nor
// gets a new copy with which it would go on.
func TestARevokedSessionDoesNotOutliveItsCopy(t *testing.T) {
	t.Parallel()
	const configuration = authtest.Starter + `session: {cookieCache: {enabled: true}, additionalFields: {note: {type: string, required: false}}}
user: {changeEmail: {enabled: true}}
emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}
`
	a := authtest.New(t, configuration)
	b := authtest.New(t, configuration, authtest.Beside(a))
	for i, do := range []func(c *authtest.Client) *authtest.Answer{
		func(c *authtest.Client) *authtest.Answer { return c.Post("/update-user", `{"name":"Mallory"}`) },
		func(c *authtest.Client) *authtest.Answer { return c.Post("/update-session", `{"note":"x"}`) },
		func(c *authtest.Client) *authtest.Answer { return c.Post("/unlink-account", `{"accountId":"x"}`) },
		func(c *authtest.Client) *authtest.Answer { return c.Get("/list-sessions") },
	} {
		c := revoked(a, b, string(rune('a'+i))+"@example.test")
		answer := do(c).Code(http.StatusUnauthorized, "UNAUTHORIZED")
		if len(setCookies(answer, "session_data")) == 0 || c.Get("/get-session").Text != "null" {
			t.Errorf("%d: the browser keeps the copy: %q", i, answer.Header.Values("Set-Cookie"))
		}
	}
	if n := a.Count(`select count(*) from "user" where name = 'Mallory'`); n != 0 {
		t.Error("a revoked session changed its user")
	}
}

// A link that is opened beside a revoked session makes a new one, and does not
// send the old one again.
func TestALinkDoesNotReviveARevokedSession(t *testing.T) {
	t.Parallel()
	const configuration = authtest.Starter + `session: {cookieCache: {enabled: true}}
emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}
`
	a := authtest.New(t, configuration)
	b := authtest.New(t, configuration, authtest.Beside(a))
	c := revoked(a, b, "ann@example.test")
	old := c.Cookie("session_token")
	b.Client().Post("/send-verification-email", `{"email":"ann@example.test"}`).Is(http.StatusOK)
	follow(b, c, "sendVerificationEmail").Is(http.StatusFound)
	if token := c.Cookie("session_token"); token == old || token == "" {
		t.Errorf("the cookie is %q, before %q", token, old)
	}
	c.Get("/get-session?disableCookieCache=1").Is(http.StatusOK)
}

func TestRevocationsRaceWithSensitiveEndpoints(t *testing.T) {
	t.Parallel()
	a := authtest.New(t, cacheForms["compact"])
	b := authtest.New(t, cacheForms["compact"], authtest.Beside(a))
	c := b.Client()
	token := c.SignUp("ann@example.test").JSON()["token"].(string)
	other := a.Client()
	other.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	revocation := other.Request(http.MethodPost, "/revoke-session", "application/json", `{"token":"`+token+`"}`)
	stale := make([]int, 16)
	authtest.Together(len(stale), func(i int) {
		if i == 0 {
			_, _ = other.Try(revocation)
		}
		for range 5 { // whoever comes after the revocation is refused
			if answer, err := c.Try(c.Request(http.MethodPost, "/revoke-session", "application/json", `{"token":"x"}`)); err == nil {
				stale[i] = answer.Status
			}
		}
	})
	for _, status := range stale {
		if status != http.StatusOK && status != http.StatusUnauthorized {
			t.Errorf("status %d", status)
		}
	}
	c.Post("/revoke-session", `{"token":"x"}`).Is(http.StatusUnauthorized)
	if n := a.Count(`select count(*) from session where token = $1`, token); n != 0 {
		t.Errorf("the session is there again: %d", n)
	}
}

// No kind of signed value passes for another: each place that takes one is
// offered all the others.
func TestACopyOfASessionIsNoOtherToken(t *testing.T) {
	t.Parallel()
	eachForm(t, func(t *testing.T, configuration string) {
		s := authtest.New(t, configuration)
		c := s.Client()
		c.SignUp("ann@example.test")
		copied, session := c.Cookie("session_data"), c.Cookie("session_token")
		jwt := c.Get("/token").JSON()["token"].(string)
		for name, bearer := range map[string]string{"the copy": copied, "a token for services": jwt} {
			stranger := s.Client()
			stranger.Header.Set("Authorization", "Bearer "+bearer)
			if got := stranger.Get("/get-session").Text; got != "null" {
				t.Errorf("%s is a bearer token: %s", name, got)
			}
			stranger.Header.Set("Cookie", "better-auth.session_token="+bearer)
			if got := stranger.Get("/get-session").Text; got != "null" {
				t.Errorf("%s is a session token: %s", name, got)
			}
		}
		for name, value := range map[string]string{"a token for services": jwt, "a session token": session} {
			other := s.Client()
			other.Header.Set("Cookie", "better-auth.session_token="+session+"; better-auth.session_data="+value)
			if lines := setCookies(other.Get("/get-session"), "session_data"); len(lines) != 2 {
				t.Errorf("%s is a copy of a session: %q", name, lines)
			}
		}
		c.Get("/verify-email?token=" + copied).Is(http.StatusUnauthorized)
	})
}

// Every character of a copy counts.
func TestAnAlteredCopyDoesNotCount(t *testing.T) {
	t.Parallel()
	eachForm(t, func(t *testing.T, configuration string) {
		s := authtest.New(t, configuration)
		c := s.Client()
		c.SignUp("ann@example.test")
		copied, session := c.Cookie("session_data"), c.Cookie("session_token")
		for i := 0; i < len(copied); i += 1 + len(copied)/40 {
			altered := []byte(copied)
			// A character that differs in its first bit changes the text even at
			// the end of a part, where some bits mean nothing.
			altered[i] = flipped(altered[i])
			other := s.Client()
			other.Header.Set("Cookie", "better-auth.session_token="+session+"; better-auth.session_data="+string(altered))
			if lines := setCookies(other.Get("/get-session").Is(http.StatusOK), "session_data"); len(lines) != 2 {
				t.Fatalf("altered at %d it still counts: %q", i, lines)
			}
		}
	})
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// flipped gives the base64url character whose first bit is another.
func flipped(c byte) byte {
	i := strings.IndexByte(base64Alphabet, c)
	if i < 0 {
		return 'A'
	}
	return base64Alphabet[i^0x20]
}

// What clients never see stands in no cookie either, whether or not it is
// readable there.
func TestHiddenFieldsAreNotCopied(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, cacheForms["compact"]+`
user: {additionalFields: {note: {type: string, returned: false, required: false}, age: {type: number, required: false}, since: {type: date, required: false}, tags: {type: "string[]", required: false}}}
`)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Exec(`update "user" set note = 'hidden', age = 42, since = '2026-01-02', tags = '["<&>"]'`)
	stored := part(t, c.Get("/get-session?disableCookieCache=1"), "user")
	text, err := base64.RawURLEncoding.DecodeString(c.Cookie("session_data"))
	if err != nil || strings.Contains(string(text), "hidden") {
		t.Errorf("the copy is %s, %v", text, err)
	}
	a := c.Get("/get-session")
	if !strings.Contains(a.Text, `"age":42,"since":"2026-01-02T00:00:00.000Z","tags":["<&>"]`) || strings.Contains(a.Text, "hidden") {
		t.Errorf("from the cache %s, from the database %v", a.Text, stored)
	}
}
