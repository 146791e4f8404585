package twofactor_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// A step of time is good for one code, whoever is quickest and wherever they ask,
// and earlier steps have ended with it.
func TestACodeIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	p.verify(p.code(-1)).Code(http.StatusUnauthorized, "INVALID_CODE")
	p.verify(p.code(1)).Is(http.StatusOK)
	p.verify(p.code(0)).Code(http.StatusUnauthorized, "INVALID_CODE")
	s.Clock.Advance(30 * time.Second)
	p.verify(p.code(0)).Code(http.StatusUnauthorized, "INVALID_CODE")
	s.Clock.Advance(30 * time.Second)
	p.verify(p.code(0)).Is(http.StatusOK)
	if n := s.Count(`select count(*) from sallyport.totp_step`); n != 1 {
		t.Errorf("%d steps are remembered", n)
	}
}

func TestACodeIsTakenOnceOfMany(t *testing.T) {
	t.Parallel()
	s, other := unthrottled(t)
	s.Clock.Stop()
	other.Clock.Stop()
	p := withApp(t, s, "ann")
	code := map[string]any{"code": p.code(0)}
	taken := race(t, 30, p, other, "/two-factor/verify-totp", func(int) any { return code }, http.StatusUnauthorized)
	if taken != 1 {
		t.Errorf("%d got it", taken)
	}
}

func TestABackupCodeIsGoodForOnce(t *testing.T) {
	t.Parallel()
	s, other := unthrottled(t)
	p := withApp(t, s, "ann")
	taken := race(t, 30, p, other, "/two-factor/verify-backup-code", func(int) any { return map[string]any{"code": p.codes[2]} },
		http.StatusUnauthorized, http.StatusConflict)
	if taken != 1 {
		t.Errorf("%d got it", taken)
	}
	// Different codes at once take nothing from each other.
	taken = race(t, 8, p, other, "/two-factor/verify-backup-code", func(i int) any { return map[string]any{"code": p.codes[[]int{0, 1, 3, 4, 5, 6, 7, 8}[i]]} })
	if taken != 8 {
		t.Errorf("%d of 8 were taken", taken)
	}
}

// unthrottled runs two servers on one database that let everybody guess, so that
// nothing but the code decides.
func unthrottled(t *testing.T) (s, other *authtest.Server) {
	t.Helper()
	config := configuration("") + "server: {throttle: off}"
	s = authtest.New(t, config)
	return s, authtest.New(t, config, authtest.Beside(s))
}

// race posts to two servers in turn, at once, and counts the right answers. Every
// other answer must have one of these statuses.
func race(t *testing.T, n int, p *person, other *authtest.Server, path string, body func(int) any, wrong ...int) int64 {
	t.Helper()
	requests := make([]*http.Request, n)
	clients := []*authtest.Client{p.s.Client(), other.Client()}
	for i := range requests {
		requests[i] = clients[i%2].Request(http.MethodPost, path, "application/json", encode(t, body(i)))
		requests[i].Header.Set("Cookie", "better-auth.session_token="+p.Cookie("session_token"))
	}
	var taken atomic.Int64
	authtest.Together(n, func(i int) {
		a, err := clients[i%2].Try(requests[i])
		switch {
		case err != nil:
			t.Error(err)
		case a.Status == http.StatusOK:
			taken.Add(1)
		case !slices.Contains(wrong, a.Status):
			t.Errorf("status %d: %s", a.Status, a.Text)
		}
	})
	return taken.Load()
}

// Guesses in a session are limited as those of a password are.
func TestGuessesInASessionAreLimited(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	for range 10 {
		p.verify("x").Code(http.StatusUnauthorized, "INVALID_CODE")
	}
	if a := p.verify(p.code(0)).Is(http.StatusTooManyRequests); a.Header.Get("X-Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
	p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]}).Is(http.StatusTooManyRequests)
	s.Clock.Advance(2 * time.Second)
	p.verify(p.code(0)).Is(http.StatusOK)
	if n := s.Count(`select coalesce("failedVerificationCount", 0) from "twoFactor"`); n != 0 {
		t.Errorf("%d of them count at sign-in", n)
	}
}

// What nobody can read has no codes, and is no error of the server.
func TestWhatCannotBeReadHasNoCodes(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	for _, value := range []string{"", "x", "$ba$9$00", strings.Repeat("0", 144)} {
		s.Exec(`update "twoFactor" set secret = $1, "backupCodes" = $1`, value)
		p.verify(p.code(0)).Code(http.StatusUnauthorized, "INVALID_CODE")
		p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]}).Code(http.StatusUnauthorized, "INVALID_BACKUP_CODE")
	}
}

// A secret from elsewhere is stored as base32 with a mark, by those who move users.
func TestImportedSecrets(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	for _, secret := range []string{"base32:GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "base32:gezdgnbvgy3tqojqgezdgnbvgy3tqojq"} {
		stored, err := s.Server.Auth.Secrets.Encrypt([]byte(secret), s.Server.Auth.Rand)
		if err != nil {
			t.Fatal(err)
		}
		s.Exec(`update "twoFactor" set secret = $1`, stored)
		s.Exec(`delete from sallyport.totp_step`)
		p.uri = p.Post("/two-factor/get-totp-uri", password(authtest.Password)).Is(http.StatusOK).JSON()["totpURI"].(string)
		if !strings.Contains(p.uri, "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&") {
			t.Errorf("the URI is %s", p.uri)
		}
		p.verify(p.code(0)).Is(http.StatusOK)
	}
}

func TestNewBackupCodesEndTheOldOnes(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	old := p.codes[0]
	p.take(p.Post("/two-factor/generate-backup-codes", password(authtest.Password)).Is(http.StatusOK).JSON())
	if len(p.codes) != 10 {
		t.Fatalf("%q", p.codes)
	}
	p.Post("/two-factor/verify-backup-code", map[string]any{"code": old}).Code(http.StatusUnauthorized, "INVALID_BACKUP_CODE")
	p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]}).Is(http.StatusOK)
	p.Post("/two-factor/generate-backup-codes", password("a wrong one")).Code(http.StatusBadRequest, "INVALID_PASSWORD")
	bob := signUp(t, s, "bob")
	bob.Post("/two-factor/generate-backup-codes", password(authtest.Password)).Code(http.StatusBadRequest, "TWO_FACTOR_NOT_ENABLED")
	s.Exec(`delete from "twoFactor"`)
	p.Post("/two-factor/generate-backup-codes", password(authtest.Password)).Code(http.StatusBadRequest, "TWO_FACTOR_NOT_ENABLED")
}

func TestManyRequestsAtTheSecondFactor(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(configuration(""), "rateLimit: {enabled: false}", "rateLimit: {enabled: true}", 1))
	c := s.Client()
	for range 3 {
		c.Post("/two-factor/verify-totp", `{"code":"x"}`).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
	}
	c.Post("/two-factor/verify-totp", `{"code":"x"}`).Is(http.StatusTooManyRequests)
}

// The row goes with its user.
func TestTheRowGoesWithItsUser(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configuration("")+"user: {deleteUser: {enabled: true}}")
	p := withApp(t, s, "ann")
	p.Post("/delete-user", password(authtest.Password)).Is(http.StatusOK)
	if n := s.Count(`select count(*) from "twoFactor"`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestEnablingTwiceAtOnceMakesOneRow(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	other := newServer(t, "", authtest.Beside(s))
	p := signUp(t, s, "ann")
	made := race(t, 8, p, other, "/two-factor/enable", func(int) any { return password(authtest.Password) })
	if n := s.Count(`select count(*) from "twoFactor"`); made != 8 || n != 1 {
		t.Errorf("%d answers, %d rows", made, n)
	}
}

func TestTheLogTellsOfTheSecondFactor(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	p.verify("x").Is(http.StatusUnauthorized)
	p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]}).Is(http.StatusOK)
	var got []string
	for _, e := range s.Events() {
		method, _ := e.Details["method"].(string)
		got = append(got, e.Event+" "+e.Outcome+" "+method)
	}
	want := []string{
		"sign-up success ", "sign-in success ", "two-factor-enabled success totp", "two-factor-verified success totp",
		"two-factor-failed failure totp", "backup-code-used success ", "two-factor-verified success backup-code",
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%q is not among %q", line, got)
		}
	}
}
