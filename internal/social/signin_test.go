package social_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestASignInMakesAUserOnceAndThenFindsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	if got := w.signIn(ann, person("ann", "Ann@Example.test", true), map[string]any{"callbackURL": "/home", "newUserCallbackURL": "/welcome"}); got != "/welcome" {
		t.Errorf("a new user is sent to %s", got)
	}
	if got := who(ann); got != "ann@example.test" {
		t.Errorf("signed in is %q", got)
	}
	again := w.s.Client()
	if got := w.signIn(again, person("ann", "Ann@Example.test", true), map[string]any{"callbackURL": "/home", "newUserCallbackURL": "/welcome"}); got != "/home" {
		t.Errorf("a known user is sent to %s", got)
	}
	if n := w.s.Count(`select count(*) from "user" u join account a on a."userId" = u.id where u."emailVerified" and a."providerId" = 'github' and a."accountId" = 'ann'`); n != 1 {
		t.Errorf("there are %d such accounts", n)
	}
	var events []string
	for _, e := range w.s.Events() {
		if e.Via == "http" {
			events = append(events, e.Event)
		}
	}
	if got := strings.Join(events, ", "); got != "sign-up, sign-in" {
		t.Errorf("written down is %s", got)
	}
}

// TestOptionsOfAccounts tries each rule by which an identity may join a user who
// has its address, or may not.
func TestOptionsOfAccounts(t *testing.T) {
	t.Parallel()
	const refused = "/failed?error=account_not_linked"
	for name, c := range map[string]struct {
		linking         string
		local, provider bool // whether the address is verified
		want            string
	}{
		"both verified":                         {"", true, true, "/home"},
		"only there":                            {"", false, true, refused},
		"only here":                             {"", true, false, refused},
		"nowhere":                               {"", false, false, refused},
		"a trusted provider":                    {"trustedProviders: [github]", true, false, "/home"},
		"another trusted provider":              {"trustedProviders: [google]", true, false, refused},
		"a trusted provider, unverified here":   {"trustedProviders: [github]", false, true, refused},
		"linking is off":                        {"enabled: false", true, true, refused},
		"implicit linking is off":               {"disableImplicitLinking: true", true, true, refused},
		"unverified here, which is allowed":     {"requireLocalEmailVerified: false", false, true, "/home"},
		"verified nowhere, which no rule helps": {"requireLocalEmailVerified: false", false, false, refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, github+"account: {accountLinking: {"+c.linking+"}}\n")
			w.s.Client().SignUp("ann@example.test")
			if c.local {
				w.s.Exec(`update "user" set "emailVerified" = true`)
			}
			ann := w.s.Client()
			if got := w.signIn(ann, person("ann", "ann@example.test", c.provider), nil); got != c.want {
				t.Errorf("the browser is sent to %s, want %s", got, c.want)
			}
			accounts, signedIn := 1, ""
			if c.want == "/home" {
				accounts, signedIn = 2, "ann@example.test"
			}
			if !c.local && c.want == "/home" {
				accounts = 1 // the password was of nobody who had proven the address
			}
			if n := w.s.Count("select count(*) from account"); n != accounts {
				t.Errorf("there are %d accounts, want %d", n, accounts)
			}
			if got := who(ann); got != signedIn {
				t.Errorf("signed in is %q", got)
			}
		})
	}
}

// An address that a provider has proven does not leave to whoever signed up with it
// before what they had made.
func TestWhatWasMadeBeforeTheProofIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github+"account: {accountLinking: {requireLocalEmailVerified: false}}\n")
	squatter := w.s.Client()
	squatter.SignUp("ann@example.test")
	// The squatter has another way in, too.
	w.s.Exec(`insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") select 'x', 'y', 'gitlab', id, now(), now() from "user"`)
	ann := w.s.Client()
	if got := w.signIn(ann, person("ann", "ann@example.test", true), nil); got != "/home" {
		t.Fatalf("the browser is sent to %s", got)
	}
	if got := who(squatter); got != "" {
		t.Errorf("the session of before still is that of %s", got)
	}
	w.s.Client().Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": authtest.Password}).Code(401, "INVALID_EMAIL_OR_PASSWORD")
	if n := w.s.Count(`select count(*) from account`); n != 1 {
		t.Errorf("%d accounts are left", n)
	}
	if got := who(ann); got != "ann@example.test" {
		t.Errorf("signed in is %q", got)
	}
}

// The same holds where the account was the user's own before.
func TestAProofByTheUsersOwnAccountRemovesThePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	w.signIn(ann, person("ann", "ann@example.test", false), nil)
	w.s.Exec(`insert into account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt") select 'x', id, 'credential', id, 'hash', now(), now() from "user"`)
	again := w.s.Client()
	if got := w.signIn(again, person("ann", "ann@example.test", true), nil); got != "/home" {
		t.Fatalf("the browser is sent to %s", got)
	}
	if got := who(ann); got != "" {
		t.Error("the session of before counts")
	}
	if got := who(again); got != "ann@example.test" {
		t.Errorf("signed in is %q", got)
	}
	if n := w.s.Count(`select count(*) from account where "providerId" = 'credential'`); n != 0 {
		t.Error("the password is still there")
	}
}

func TestTheBannedAreSentAwayWithTheReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github+"plugins: {admin: {bannedUserMessage: Go away}}\n")
	w.signIn(w.s.Client(), person("ann", "ann@example.test", true), nil)
	w.s.Exec(`update "user" set banned = true`)
	ann := w.s.Client()
	if got := w.signIn(ann, person("ann", "ann@example.test", true), nil); got != "/failed?error=BANNED_USER&error_description=Go+away" {
		t.Errorf("the browser is sent to %s", got)
	}
	if who(ann) != "" {
		t.Error("there is a session")
	}
}

func TestAnAccountThatIsThereTwiceSignsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	w.s.Client().SignUp("ann@example.test")
	w.s.Client().SignUp("bob@example.test")
	w.s.Exec(`insert into account (id, "accountId", "providerId", "userId", "createdAt", "updatedAt") select id, 'ann', 'github', id, now(), now() from "user"`)
	if got := w.signIn(w.s.Client(), person("ann", "ann@example.test", true), nil); got != w.s.Base+"/error?error=internal_server_error" {
		t.Errorf("the browser is sent to %s", got)
	}
}
