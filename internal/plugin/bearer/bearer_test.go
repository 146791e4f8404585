package bearer_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// people are two signed-in users of one server: the cookie is the first's, the
// bearer token the second's.
type people struct {
	cookie      *authtest.Client
	bare        string // the second's token as JSON answers have it
	token, sign string // its two parts in set-auth-token
}

func newPeople(t *testing.T, options string) people {
	t.Helper()
	s := authtest.New(t, "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {bearer: {"+options+"}}")
	first, second := s.Client(), s.Client()
	first.SignUp("cookie@example.com")
	answer := second.SignUp("bearer@example.com")
	p := people{cookie: first, bare: answer.JSON()["token"].(string)}
	p.token, p.sign, _ = strings.Cut(answer.Header.Get("set-auth-token"), ".")
	return p
}

// who gives the address of the user whom an Authorization header signs in
// beside the first user's cookie.
func (p people) who(t *testing.T, authorization string) (email string, cookies []string) {
	t.Helper()
	p.cookie.Header["Authorization"] = []string{authorization}
	defer delete(p.cookie.Header, "Authorization")
	answer := p.cookie.Get("/get-session").Is(200)
	if answer.Text == "null" {
		return "", answer.Header["Set-Cookie"]
	}
	return answer.JSON()["user"].(map[string]any)["email"].(string), answer.Header["Set-Cookie"]
}

// TestWhomAHeaderSignsIn holds what Better Auth 1.7.25 answers to the same
// headers.
func TestWhomAHeaderSignsIn(t *testing.T) {
	t.Parallel()
	const cookie, bearer = "cookie@example.com", "bearer@example.com"
	p := newPeople(t, "")
	signed := p.token + "." + p.sign
	for _, c := range []struct{ name, header, want string }{
		{"bare", "Bearer " + p.bare, bearer},
		{"scheme in any case", "bEARER " + p.bare, bearer},
		{"more spaces", "Bearer   " + p.bare, bearer},
		{"signed", "Bearer " + signed, bearer},
		{"signed and percent-encoded", "Bearer " + url.QueryEscape(signed), bearer},
		{"encoded twice", "Bearer " + url.QueryEscape(url.QueryEscape(signed)), cookie},
		{"tab for a space", "Bearer\t" + p.bare, cookie},
		{"another scheme", "Basic " + p.bare, cookie},
		{"scheme alone", "Bearer", cookie},
		{"like a JWT", "Bearer a.b.c", cookie},
		{"dot alone", "Bearer .", cookie},
		{"no signature", "Bearer " + p.token + ".", cookie},
		{"wrong signature", "Bearer " + p.token + "." + strings.Repeat("A", 43) + "=", cookie},
		{"line break in the signature", "Bearer " + p.token + "." + p.sign[:20] + "%0A" + p.sign[20:], cookie},
	} {
		if got, _ := p.who(t, c.header); got != c.want {
			t.Errorf("%s: signed in %q, want %q", c.name, got, c.want)
		}
	}
}

// TestForeignFormsOfASignatureSignNobodyIn: they pass the first look, take the
// cookie's place, and are no cookie.
func TestForeignFormsOfASignatureSignNobodyIn(t *testing.T) {
	t.Parallel()
	p := newPeople(t, "")
	for name, signature := range map[string]string{
		"no padding":      strings.TrimRight(p.sign, "="),
		"a third part":    p.sign + ".x",
		"junk behind":     p.sign + "!!!",
		"broken escape":   p.sign + "%zz",
		"padded too much": p.sign + "=",
	} {
		got, cookies := p.who(t, "Bearer "+p.token+"."+signature)
		if got != "" || len(cookies) != 0 {
			t.Errorf("%s: signed in %q and set %q", name, got, cookies)
		}
	}
}

func TestUnknownBareTokenEndsTheCookieToo(t *testing.T) {
	t.Parallel()
	p := newPeople(t, "")
	for _, token := range []string{"nonsense", "%41%zz", "=", "a;b", "\xff\xfe", strings.Repeat("x", 4000)} {
		// Its refusal clears the cookie, so each try has a client of its own.
		got, cookies := p.who(t, "Bearer "+token)
		if got != "" || len(cookies) == 0 && token == "nonsense" {
			t.Errorf("%q: signed in %q and set %q", token, got, cookies)
		}
	}
}

func TestRequireSignature(t *testing.T) {
	t.Parallel()
	p := newPeople(t, "requireSignature: true")
	if got, _ := p.who(t, "Bearer "+p.bare); got != "cookie@example.com" {
		t.Errorf("a bare token signed in %q", got)
	}
	if got, _ := p.who(t, "Bearer "+p.token+"."+p.sign); got != "bearer@example.com" {
		t.Errorf("a signed token signed in %q", got)
	}
}

func TestTokenIsHandedOutWithTheCookie(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.Header.Del("Origin")
	answer := c.SignUp("a@example.com")
	token := answer.Header.Get("set-auth-token")
	line := answer.Header.Get("Set-Cookie")
	value, _, _ := strings.Cut(line[strings.IndexByte(line, '=')+1:], ";")
	if decoded, err := url.PathUnescape(value); err != nil || decoded != token || !strings.HasSuffix(token, "=") {
		t.Errorf("set-auth-token %q, cookie %q", token, value)
	}
	if exposed := answer.Header.Get("Access-Control-Expose-Headers"); exposed != "set-auth-token" {
		t.Errorf("exposed: %q", exposed)
	}

	// Without cookies: no Origin is needed, and nothing is set.
	app := s.Client()
	app.Header.Del("Origin")
	app.Header.Set("Authorization", "Bearer "+token)
	session := app.Get("/get-session").Is(200)
	if session.Header.Get("set-auth-token") != "" || session.Header["Set-Cookie"] != nil {
		t.Errorf("an answer that sets no cookie has %v", session.Header)
	}
	out := app.Post("/sign-out", "{}").Is(200)
	if out.Header.Get("set-auth-token") != "" {
		t.Error("signing out handed a token out")
	}
	if after := app.Get("/get-session").Is(200); after.Text != "null" {
		t.Errorf("after signing out: %s", after.Text)
	}
	app.Get("/list-sessions").Code(401, "UNAUTHORIZED")
}

func TestRefreshHandsTheTokenOut(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	token := c.SignUp("a@example.com").Header.Get("set-auth-token")
	s.Clock.Advance(25 * time.Hour)
	app := s.Client()
	app.Header.Set("Authorization", "Bearer "+token)
	answer := app.Get("/get-session").Is(200)
	if got := answer.Header.Get("set-auth-token"); got != token {
		t.Errorf("set-auth-token %q, want %q", got, token)
	}
	exposed := strings.ToLower(answer.Header.Get("Access-Control-Expose-Headers"))
	if !strings.Contains(exposed, "set-auth-token") || !strings.Contains(exposed, "set-auth-jwt") {
		t.Errorf("exposed: %q", exposed)
	}
}

func TestTokensOfJWTAreNotAccepted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("a@example.com")
	jwt := c.Get("/token").Is(200).JSON()["token"].(string)
	app := s.Client()
	app.Header.Set("Authorization", "Bearer "+jwt)
	app.Get("/token").Code(401, "UNAUTHORIZED")
}
