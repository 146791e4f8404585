package twofactor_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Wrong codes in a row shut the second factor of a user for a while, whichever kind
// they are of. Rows of before that was counted begin with none.
func TestManyWrongCodesShutTheSecondFactor(t *testing.T) {
	t.Parallel()
	s := newServer(t, "accountLockout: {maxFailedAttempts: 3, durationSeconds: 60}")
	ann := withApp(t, s, "ann")
	s.Exec(`update "twoFactor" set "failedVerificationCount" = null, "lockedUntil" = null`)
	browser := ann.at(s).signIn()
	backup := func(code string) *authtest.Answer {
		return browser.Post("/two-factor/verify-backup-code", map[string]any{"code": code})
	}
	browser.verify("x").Code(http.StatusUnauthorized, "INVALID_CODE")
	backup("x").Code(http.StatusUnauthorized, "INVALID_BACKUP_CODE")
	browser.verify("x").Code(http.StatusUnauthorized, "INVALID_CODE")
	for _, again := range []*person{browser, ann.at(s).signIn()} {
		again.verify(ann.code(0)).Code(http.StatusTooManyRequests, "ACCOUNT_TEMPORARILY_LOCKED")
	}
	backup(ann.codes[0]).Code(http.StatusTooManyRequests, "ACCOUNT_TEMPORARILY_LOCKED")
	ann.verify(ann.code(0)).Is(http.StatusOK) // in a session nothing is shut
	s.Clock.Advance(59 * time.Second)
	browser.verify(ann.code(0)).Code(http.StatusTooManyRequests, "ACCOUNT_TEMPORARILY_LOCKED")
	s.Clock.Advance(2 * time.Second)
	browser.verify("x").Code(http.StatusUnauthorized, "INVALID_CODE")
	if n := s.Count(`select "failedVerificationCount" from "twoFactor" where "lockedUntil" is null`); n != 1 {
		t.Errorf("the count goes on from %d", n)
	}
	browser.verify(ann.code(0)).Is(http.StatusOK)
	if n := s.Count(`select "failedVerificationCount" from "twoFactor"`); n != 0 {
		t.Errorf("a right code leaves %d", n)
	}
}

func TestNoCodeIsComparedBeyondTheLimit(t *testing.T) {
	t.Parallel()
	servers := twoServers(t, "accountLockout: {maxFailedAttempts: 7}")
	ann := withApp(t, servers[0], "ann")
	for _, want := range []map[string]int{
		{"401 INVALID_CODE": 5},
		{"401 INVALID_CODE": 2, "429 ACCOUNT_TEMPORARILY_LOCKED": 48},
	} {
		got := flood(t, servers, 50, "/two-factor/verify-totp", ann.at(servers[0]).signIn().cookie("two_factor"), `{"code":"x"}`)
		for answer, n := range want {
			if got[answer] != n {
				t.Errorf("answers %v, want %v", got, want)
			}
		}
	}
	if n := servers[0].Count(`select "failedVerificationCount" from "twoFactor" where "lockedUntil" is not null`); n != 7 {
		t.Errorf("%d are counted", n)
	}
}

func TestTheCountMayBeOff(t *testing.T) {
	t.Parallel()
	s := newServer(t, "accountLockout: {enabled: false, maxFailedAttempts: 1}")
	ann := withApp(t, s, "ann")
	browser := ann.at(s).signIn()
	browser.verify("x").Code(http.StatusUnauthorized, "INVALID_CODE")
	browser.verify(ann.code(0)).Is(http.StatusOK)
	if n := s.Count(`select "failedVerificationCount" from "twoFactor"`); n != 0 {
		t.Errorf("%d are counted", n)
	}
}
