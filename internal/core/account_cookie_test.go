package core_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

const accountCookies = authtest.Starter + "account: {storeAccountCookie: true}\nsession: {cookieCache: {enabled: true, maxAge: 200}}\n"

// accountCookie is the cookie that a social sign-in at that time would have set.
func accountCookie(t *testing.T, secret, user string, at time.Time, padding int) string {
	t.Helper()
	secrets, err := secure.NewSecrets(secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	box, err := jose.NewBox(secrets, "better-auth-account")
	if err != nil {
		t.Fatal(err)
	}
	value, err := box.Seal(fmt.Appendf(nil, `{"accountId":"at","providerId":"nowhere","userId":%q,"idToken":%q,"id":"row","iat":%d,"exp":%d}`,
		user, strings.Repeat("x", padding), at.Unix(), at.Unix()+200))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestTheAccountCookieNamesAnAccount(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, accountCookies)
	defer s.Clock.Stop()()
	c := s.Client()
	user, _ := part(t, c.SignUp("ann@example.test"), "user")["id"].(string)
	token := c.Cookie("session_token")
	now := s.Clock.Now()
	fresh := accountCookie(t, authtest.Secret, user, now, 0)
	for name, tt := range map[string]struct{ value, code string }{
		"genuine":              {fresh, "PROVIDER_NOT_SUPPORTED"},
		"none":                 {"", "ACCOUNT_NOT_FOUND"},
		"altered":              {fresh[:len(fresh)-4] + "AAAA", "ACCOUNT_NOT_FOUND"},
		"no cookie at all":     {"x", "ACCOUNT_NOT_FOUND"},
		"of another user":      {accountCookie(t, authtest.Secret, "another", now, 0), "ACCOUNT_NOT_FOUND"},
		"ended":                {accountCookie(t, authtest.Secret, user, now.Add(-216*time.Second), 0), "ACCOUNT_NOT_FOUND"},
		"within the tolerance": {accountCookie(t, authtest.Secret, user, now.Add(-214*time.Second), 0), "PROVIDER_NOT_SUPPORTED"},
		"another secret":       {accountCookie(t, strings.Repeat("another", 8), user, now, 0), "ACCOUNT_NOT_FOUND"},
	} {
		one := s.Client()
		one.Header.Set("Cookie", "better-auth.session_token="+token+"; better-auth.account_data="+tt.value)
		a := one.Post("/get-access-token", map[string]any{"useAccountCookie": true})
		if code := a.JSON()["code"]; a.Status != http.StatusBadRequest || code != tt.code {
			t.Errorf("%s: %d %v, want %s", name, a.Status, code, tt.code)
		}
	}
}

// A new copy of the session brings a new account cookie along, and takes that of
// somebody else away.
func TestTheAccountCookieIsRenewedAndRemoved(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, accountCookies)
	c := s.Client()
	user, _ := part(t, c.SignUp("ann@example.test"), "user")["id"].(string)
	token := c.Cookie("session_token")
	asked := func(path, cookies string) []string {
		one := s.Client()
		one.Header.Set("Cookie", "better-auth.session_token="+token+"; "+cookies)
		if path == "/sign-out" {
			return setCookies(one.Post(path, map[string]any{}), "account_data")
		}
		return setCookies(one.Get(path), "account_data")
	}
	mine, other := accountCookie(t, authtest.Secret, user, s.Clock.Now(), 0), accountCookie(t, authtest.Secret, "another", s.Clock.Now(), 0)
	if lines := asked("/get-session", "better-auth.account_data="+mine); len(lines) != 1 ||
		!strings.HasPrefix(lines[0], "better-auth.account_data=ey") || !strings.HasSuffix(lines[0], "; Max-Age=200; Path=/; HttpOnly; SameSite=Lax") {
		t.Errorf("it is not sent again: %q", lines)
	}
	if lines := asked("/get-session", "better-auth.account_data=x"); len(lines) != 0 {
		t.Errorf("one that is not genuine is answered with %q", lines)
	}
	for _, path := range []string{"/get-session", "/sign-out"} {
		lines := asked(path, "better-auth.account_data="+other)
		if len(lines) != 2 || !strings.HasPrefix(lines[0], "better-auth.account_data=; Max-Age=0; ") || lines[1] != lines[0] {
			t.Errorf("%s keeps it: %q", path, lines)
		}
	}
}

func TestALargeAccountCookieComesInParts(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, accountCookies)
	c := s.Client()
	user, _ := part(t, c.SignUp("ann@example.test"), "user")["id"].(string)
	token := c.Cookie("session_token")
	value := accountCookie(t, authtest.Secret, user, s.Clock.Now(), 4000)
	one := s.Client()
	one.Header.Set("Cookie", fmt.Sprintf("better-auth.session_token=%s; better-auth.account_data.0=%s; better-auth.account_data.1=%s", token, value[:3000], value[3000:]))
	one.Post("/get-access-token", map[string]any{"useAccountCookie": true}).Code(http.StatusBadRequest, "PROVIDER_NOT_SUPPORTED")
	a := one.Get("/get-session?disableCookieCache=true")
	lines := append(setCookies(a, "account_data.0"), setCookies(a, "account_data.1")...)
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "better-auth.account_data.0=ey") || len(lines[0]) > 4050 ||
		!strings.HasPrefix(lines[1], "better-auth.account_data.1=") {
		t.Errorf("it is sent as %q", lines)
	}
}
