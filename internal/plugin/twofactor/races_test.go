package twofactor_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// twoServers gives two instances on one database.
func twoServers(t *testing.T, options string) [2]*authtest.Server {
	t.Helper()
	s := newServer(t, options, authtest.RealHashes())
	return [2]*authtest.Server{s, authtest.New(t, configuration(options)+"baseURL: "+s.URL+"\n", authtest.Beside(s), authtest.RealHashes())}
}

// flood sends the same request many times at once, to both servers, and counts
// the answers by status and code, or by what answered names.
func flood(t *testing.T, servers [2]*authtest.Server, n int, path, cookie, body string) map[string]int {
	t.Helper()
	clients, requests := make([]*authtest.Client, n), make([]*http.Request, n)
	for i := range n {
		clients[i] = servers[i%2].Client()
		requests[i] = clients[i].Request(http.MethodPost, path, "application/json", body)
		requests[i].Header.Set("Cookie", cookie)
	}
	var mu sync.Mutex
	count := map[string]int{}
	authtest.Together(n, func(i int) {
		a, err := insist(clients[i], requests[i])
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			count[err.Error()]++
		case a.Status == http.StatusOK && strings.Contains(a.Text, "twoFactorRedirect"):
			count["asked"]++
		case a.Status == http.StatusOK:
			count["200"]++
		default:
			_, code, _ := strings.Cut(a.Text, `"code":"`)
			code, _, _ = strings.Cut(code, `"`)
			count[fmt.Sprint(a.Status, " ", code)]++
		}
	})
	return count
}

// insist sends a request again while the line of hashes is full.
func insist(c *authtest.Client, r *http.Request) (*authtest.Answer, error) {
	a, err := c.Try(r)
	for err == nil && a.Status == http.StatusServiceUnavailable {
		again := r.Clone(r.Context())
		again.Body, _ = r.GetBody()
		a, err = c.Try(again)
	}
	return a, err
}

// Of many wrong codes at once as many are compared as a sign-in bears, and each of
// them counts against the user.
func TestManyWrongCodesAtOnceAreFewTries(t *testing.T) {
	t.Parallel()
	servers := twoServers(t, sends)
	ann := withApp(t, servers[0], "ann")
	got := flood(t, servers, 100, "/two-factor/verify-totp", ann.at(servers[0]).signIn().cookie("two_factor"), `{"code":"no code"}`)
	if got["401 INVALID_CODE"] != 5 || got["400 TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"] != 1 || got["401 INVALID_TWO_FACTOR_COOKIE"] != 94 {
		t.Errorf("answers %v", got)
	}
	if n := servers[0].Count(`select "failedVerificationCount"::int from "twoFactor"`); n != 5 {
		t.Errorf("%d are counted against the user", n)
	}
}

func TestAHundredWrongCodesAtOnceCountAHundred(t *testing.T) {
	t.Parallel()
	servers := twoServers(t, "otpOptions: {sendOTP: true, allowedAttempts: 100}, accountLockout: {maxFailedAttempts: 1000}")
	ann := withApp(t, servers[0], "ann")
	browser := ann.at(servers[0]).signIn()
	code := browser.sentCode()
	got := flood(t, servers, 100, "/two-factor/verify-otp", browser.cookie("two_factor"), `{"code":"`+other(code)+`"}`)
	if got["401 INVALID_CODE"] != 100 {
		t.Errorf("answers %v", got)
	}
	n := servers[0].Count(`select "failedVerificationCount"::int * 1000 + (select split_part(value, ':', 2)::int from verification where identifier like '2fa-otp-%') from "twoFactor"`)
	if n != 100_100 {
		t.Errorf("%06d are counted", n)
	}
	browser.otp(code).Code(http.StatusBadRequest, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
}

func TestOneOfManyRightCodesSignsIn(t *testing.T) {
	t.Parallel()
	servers := twoServers(t, sends)
	servers[1].Clock.Stop()
	ann := withApp(t, servers[0], "ann")
	for name, give := range map[string]func(*person) (path, body string){
		"sent": func(p *person) (string, string) { return "/two-factor/verify-otp", `{"code":"` + p.sentCode() + `"}` },
		"app":  func(p *person) (string, string) { return "/two-factor/verify-totp", `{"code":"` + p.code(0) + `"}` },
		"backup": func(p *person) (string, string) {
			return "/two-factor/verify-backup-code", `{"code":"` + p.codes[0] + `"}`
		},
	} {
		before := servers[0].Count("select count(*) from session")
		browser := ann.at(servers[0]).signIn()
		path, body := give(browser)
		got := flood(t, servers, 50, path, browser.cookie("two_factor"), body)
		others := 0
		for answer, n := range got {
			if strings.HasPrefix(answer, "4") {
				others += n
			}
		}
		if got["200"] != 1 || others != 49 {
			t.Errorf("%s: answers %v", name, got)
		}
		if n := servers[0].Count("select count(*) from session"); n != before+1 {
			t.Errorf("%s: %d sessions were made", name, n-before)
		}
	}
}

// Of many sign-ins at once with one ticket one is trusted and gets the next; the
// others are asked for a code.
func TestATicketLetsOneOfManySignInsIn(t *testing.T) {
	t.Parallel()
	servers := twoServers(t, sends)
	browser := trusted(t, withCodes(t, servers[0], "ann"))
	const crowd = 20
	got := flood(t, servers, crowd, "/sign-in/email", browser.cookie("trust_device"), `{"email":"`+browser.email+`","password":"`+authtest.Password+`"}`)
	if got["200"] != 1 || got["asked"] != crowd-1 {
		t.Errorf("answers %v", got)
	}
	if n := servers[0].Count("select count(*) from verification where identifier like 'trust-device-%'"); n != 1 {
		t.Errorf("%d browsers are trusted", n)
	}
}
