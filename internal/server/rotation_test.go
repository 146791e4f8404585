package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// rotation is one database under three instances: from before a change of secret,
// from while both are listed, and from when the old one is gone. Their clocks stand
// still, those of the last two an hour later.
type rotation struct{ before, during, after *authtest.Server }

func rotate(t *testing.T, options string) *rotation {
	t.Helper()
	options = "baseURL: http://auth.test\nemailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\n" + options + "\n"
	r := &rotation{before: authtest.New(t, options)}
	r.during = authtest.New(t, options+newSecret, authtest.Beside(r.before))
	r.after = authtest.New(t, options+newSecret, authtest.Beside(r.before), authtest.Environment("BETTER_AUTH_SECRET="))
	for _, s := range []*authtest.Server{r.before, r.during, r.after} {
		s.Clock.Stop() // for good
	}
	later := time.Hour - time.Second/2 // ages are whole seconds
	r.during.Clock.Advance(later)
	r.after.Clock.Advance(later)
	return r
}

// cookies are what a browser that only keeps what it is told has, by name.
type cookies map[string]string

// keep takes the cookies of an answer, and drops those that it ends.
func (c cookies) keep(a *authtest.Answer) cookies {
	for _, line := range a.Header["Set-Cookie"] {
		pair, _, _ := strings.Cut(line, ";")
		name, value, _ := strings.Cut(pair, "=")
		if c[name] = value; value == "" {
			delete(c, name)
		}
	}
	return c
}

func (c cookies) send(s *authtest.Server, method, path, body string) *authtest.Answer {
	var pairs []string
	for name, value := range c {
		pairs = append(pairs, name+"="+value)
	}
	header := map[string]string{"Cookie": strings.Join(pairs, "; "), "Origin": "http://auth.test", "Content-Type": "application/json"}
	return sent{method, path, header, body}.send(s)
}

func (c cookies) signedIn(s *authtest.Server) bool {
	return c.send(s, http.MethodGet, "/get-session", "").Text != "null"
}

// set gives what an answer sets, with ages and without values.
func set(a *authtest.Answer) string {
	var out []string
	for _, line := range a.Header["Set-Cookie"] {
		key := strings.TrimPrefix(attribute(line, "name"), "better-auth.")
		out = append(out, strings.TrimSpace(key+" "+attribute(line, "Max-Age")))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// The browser is told the life that is left, and the session outlives the old secret.
func TestACookieOfAnOlderSecretIsSignedAnew(t *testing.T) {
	t.Parallel()
	for strategy, want := range map[string]string{
		"":        "session_token Max-Age=601200",
		"compact": "session_data Max-Age=300, session_token Max-Age=601200",
		"jwt":     "session_data Max-Age=300, session_token Max-Age=601200",
		"jwe":     "session_data Max-Age=300, session_token Max-Age=601200",
	} {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			cache := ""
			if strategy != "" {
				cache = "session: {cookieCache: {enabled: true, strategy: " + strategy + "}}"
			}
			r := rotate(t, cache)
			_, a := signUp(r.before, nil)
			old, renewed := cookies{}.keep(a), cookies{}.keep(a)
			if old.signedIn(r.after) {
				t.Error("a secret that is not listed signs")
			}
			a = old.send(r.during, http.MethodGet, "/get-session", "")
			if got := set(a); got != want || a.Text == "null" {
				t.Fatalf("%s\nset  %s\nwant %s", a.Text, got, want)
			}
			renewed.keep(a)
			if got := set(renewed.send(r.during, http.MethodGet, "/get-session", "")); strings.Contains(got, "token") {
				t.Error("a cookie of the current secret is sent again:", got)
			}
			if strategy != "" { // the copy is of the new secret too
				r.before.Exec("delete from session")
			}
			if !renewed.signedIn(r.after) {
				t.Error("the new cookies end with the old secret")
			}
		})
	}
}

// What is asked for makes no difference, nor whether the session is extended.
func TestEveryAnswerSignsAnew(t *testing.T) {
	t.Parallel()
	r := rotate(t, "plugins: {bearer: {}}\nsession: {cookieCache: {enabled: true}}")
	_, a := signUp(r.before, nil)
	old, token := cookies{}.keep(a), a.JSON()["token"]
	bearer := map[string]string{"Authorization": "Bearer " + a.Header.Get("set-auth-token")}
	a = sent{http.MethodGet, "/list-sessions", bearer, ""}.send(r.during).Is(http.StatusOK)
	bearer["Authorization"] = "Bearer " + a.Header.Get("set-auth-token")
	sent{http.MethodGet, "/list-sessions", bearer, ""}.send(r.after).Is(http.StatusOK)
	for _, step := range []struct{ method, path, body, want string }{
		{http.MethodGet, "/list-sessions", "", "session_data Max-Age=300, session_token Max-Age=601200"},
		{http.MethodGet, "/get-session?disableRefresh=true", "", "session_token Max-Age=601200"},
		{http.MethodPost, "/revoke-other-sessions", "{}", "session_data Max-Age=300, session_token Max-Age=601200"},
		{http.MethodGet, "/get-session", "two days later", "session_data Max-Age=300, session_token Max-Age=604800"},
		{http.MethodPost, "/revoke-session", fmt.Sprintf(`{"token":%q}`, token), "dont_remember Max-Age=0, session_data Max-Age=0, session_data Max-Age=0, session_token Max-Age=0"},
	} {
		if step.body == "two days later" {
			r.during.Clock.Advance(48 * time.Hour)
			step.body = ""
		}
		if got := set(old.send(r.during, step.method, step.path, step.body).Is(http.StatusOK)); got != step.want {
			t.Errorf("%s\nset  %s\nwant %s", step.path, got, step.want)
		}
	}
	_, a = signUp(r.before, nil)
	old = cookies{}.keep(a)
	const want = "dont_remember Max-Age=0, session_data Max-Age=0, session_data Max-Age=0, session_token Max-Age=0"
	if got := set(old.send(r.during, http.MethodPost, "/sign-out", "{}").Is(http.StatusOK)); got != want {
		t.Errorf("sign-out sets %s", got)
	}
	if old.signedIn(r.during) {
		t.Error("signed out with an old cookie, and signed in still")
	}
}

func TestWhatABrowserIsToForgetItForgetsStill(t *testing.T) {
	t.Parallel()
	r := rotate(t, "")
	_, a := signUp(r.before, map[string]any{"rememberMe": false})
	browser := cookies{}.keep(a)
	a = browser.send(r.during, http.MethodGet, "/get-session", "")
	if got := set(a); got != "dont_remember, session_token" {
		t.Errorf("set %s", got)
	}
	if browser.keep(a); !browser.signedIn(r.after) {
		t.Error("the session ends with the old secret")
	}
}

func TestAnImpersonationOutlivesTheSecret(t *testing.T) {
	t.Parallel()
	r := rotate(t, "plugins: {admin: {}}")
	_, a := signUp(r.before, nil)
	admin := cookies{}.keep(a)
	id := a.JSON()["user"].(map[string]any)["id"]
	r.before.Exec(`update "user" set role = 'admin' where id = $1`, id)
	_, a = signUp(r.before, nil)
	user := fmt.Sprintf(`{"userId":%q}`, a.JSON()["user"].(map[string]any)["id"])
	admin.keep(admin.send(r.before, http.MethodPost, "/admin/impersonate-user", user).Is(http.StatusOK))
	r.during.Clock.Advance(-time.Minute)
	r.after.Clock.Advance(-time.Minute)
	a = admin.send(r.during, http.MethodGet, "/get-session", "")
	if got := set(a); got != "admin_session Max-Age=604800, dont_remember, session_token" {
		t.Errorf("set %s", got)
	}
	a = admin.keep(a).send(r.after, http.MethodPost, "/admin/stop-impersonating", "{}").Is(http.StatusOK)
	if got := a.JSON()["user"].(map[string]any)["id"]; got != id {
		t.Errorf("back as %s, not as %s", got, id)
	}
}
