package social_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// provider is a deployment whose GitHub has further options.
func provider(options string) string {
	return "socialProviders: {github: {clientId: app, clientSecret: app-secret, " + options + "}}\n"
}

func TestWhoMayBecomeAUser(t *testing.T) {
	t.Parallel()
	const refused = "/failed?error=signup_disabled"
	for name, c := range map[string]struct {
		options string
		asked   bool
		want    string
	}{
		"everybody":                      {"prompt: consent", false, "/home"},
		"nobody":                         {"disableSignUp: true", true, refused},
		"nobody who does not ask for it": {"disableImplicitSignUp: true", false, refused},
		"who asks for it":                {"disableImplicitSignUp: true", true, "/home"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, provider(c.options))
			body := map[string]any{}
			if c.asked {
				body["requestSignUp"] = true
			}
			if got := w.signIn(w.s.Client(), person("ann", "ann@example.test", true), body); got != c.want {
				t.Errorf("the browser is sent to %s, want %s", got, c.want)
			}
			if users, want := w.s.Count(`select count(*) from "user"`), map[bool]int{true: 1}[c.want == "/home"]; users != want {
				t.Errorf("there are %d users", users)
			}
		})
	}
}

func TestFieldsOfTheProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider("overrideUserInfoOnSignIn: true, mapProfileToUser: {nick: login, city: location, hidden: login, name: company}")+`
user: {additionalFields: {nick: {type: string}, city: {type: string, required: false}, hidden: {type: string, input: false, required: false}, level: {type: number, defaultValue: 3}}}
`)
	script := person("ann", "ann@example.test", true)
	script.Profile = json.RawMessage(`{"id":7,"login":"annie","location":"Leith","company":"Ann Ltd"}`)
	ann := w.s.Client()
	if got := w.signIn(ann, script, nil); got != "/home" {
		t.Fatalf("the browser is sent to %s", got)
	}
	if n := w.s.Count(`select count(*) from "user" where nick = 'annie' and city = 'Leith' and hidden is null and level = 3 and name = 'Ann Ltd'`); n != 1 {
		t.Error("the user has other fields")
	}
	script.Profile = json.RawMessage(`{"id":7,"login":"anna","location":"Fife","company":null}`)
	w.s.Exec(`update "user" set name = 'Own name', level = 9`)
	if got := w.signIn(ann, script, nil); got != "/home" {
		t.Fatalf("the browser is sent to %s", got)
	}
	if n := w.s.Count(`select count(*) from "user" where nick = 'anna' and city = 'Fife' and hidden is null and level = 9 and name = ''`); n != 1 {
		t.Error("the next sign-in has not written the profile over the user's")
	}
}

func TestAnOverrideKeepsTheUserWhoseNewAddressIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider("overrideUserInfoOnSignIn: true"))
	ann := w.s.Client()
	w.signIn(ann, person("ann", "ann@example.test", true), nil)
	w.s.Client().SignUp("bob@example.test")
	if got := w.signIn(ann, person("ann", "bob@example.test", true), nil); got != "/home" {
		t.Errorf("the browser is sent to %s", got)
	}
	if got := who(ann); got != "ann@example.test" {
		t.Errorf("signed in is %s", got)
	}
	// An address that nobody has is taken over, proven only as far as the provider says.
	if w.signIn(ann, person("ann", "new@example.test", false), nil); who(ann) != "new@example.test" {
		t.Errorf("signed in is %s", who(ann))
	}
	if n := w.s.Count(`select count(*) from "user" where email = 'new@example.test' and not "emailVerified"`); n != 1 {
		t.Error("an address that was not verified counts as proven")
	}
}

func TestAnAddressMustBeProvenWhereTheProviderHasNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider("requireEmailVerification: true")+"emailVerification: {sendVerificationEmail: true, sendOnSignIn: true}\n")
	ann := w.s.Client()
	for i := range 2 {
		if got := w.signIn(ann, person("ann", "ann@example.test", false), nil); got != "/failed?error=email_not_verified" {
			t.Errorf("the browser is sent to %s", got)
		}
		if n := len(w.s.Messages()); n != i+1 {
			t.Errorf("%d messages were sent", n)
		}
	}
	if who(ann) != "" {
		t.Error("somebody is signed in")
	}
	link := w.s.LastMessage("sendVerificationEmail").URL()
	if !strings.HasSuffix(link, "&callbackURL=%2Fhome") {
		t.Errorf("the link leads to %s", link)
	}
	ann.Get(strings.TrimPrefix(link, w.s.Base)).Is(http.StatusFound)
	if got := w.signIn(ann, person("ann", "ann@example.test", false), nil); got != "/home" || who(ann) != "ann@example.test" {
		t.Errorf("after the proof the browser is sent to %s", got)
	}
}

func TestTokensOfASignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		yaml string
		want int
	}{
		"are kept":               {"", 1},
		"are left as they were":  {"account: {updateAccountOnSignIn: false}\n", 0},
		"are kept encrypted too": {"account: {encryptOAuthTokens: true}\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, github+c.yaml)
			w.signIn(w.s.Client(), person("ann", "ann@example.test", true), nil)
			again := person("ann", "ann@example.test", true)
			again.Answer = json.RawMessage(`{"access_token":"the-next","refresh_token":"renewal","expires_in":60,"scope":"other"}`)
			w.signIn(w.s.Client(), again, nil)
			if n := w.s.Count(`select count(*) from account where "accessToken" = 'the-next' and "refreshToken" = 'renewal' and "accessTokenExpiresAt" is not null`); n != c.want {
				t.Errorf("%d accounts have the new tokens", n)
			}
			if n := w.s.Count(`select count(*) from account where scope = 'other'`); n != 0 {
				t.Error("a sign-in has changed the scopes")
			}
		})
	}
}

func TestWhereAStateIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	back := w.begin(ann, "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
	if n := w.s.Count("select count(*) from verification where identifier = $1", "auth-state:"+state(back)); n != 1 || ann.Cookie("oauth_state") != "" {
		t.Errorf("there are %d rows, and the cookie %q", n, ann.Cookie("oauth_state"))
	}
	if got := w.arrive(w.s.Client(), back); got != "/failed?error=state_mismatch" {
		t.Errorf("another browser is sent to %s", got)
	}
	if got := w.arrive(ann, back); got != "/home" {
		t.Errorf("after that the own one is sent to %s", got)
	}

	careless := newWorld(t, github+"account: {skipStateCookieCheck: true}\n")
	back = careless.begin(careless.s.Client(), "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
	if got := careless.arrive(careless.s.Client(), back); got != "/home" {
		t.Errorf("without the check another browser is sent to %s", got)
	}

	cookie := newWorld(t, github+"account: {storeStateStrategy: cookie}\n")
	ann = cookie.s.Client()
	back = cookie.begin(ann, "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
	if n := cookie.s.Count("select count(*) from verification"); n != 0 || ann.Cookie("state") != "" || ann.Cookie("oauth_state") == "" {
		t.Errorf("there are %d rows, and the cookie %q", n, ann.Cookie("oauth_state"))
	}
	if got := cookie.arrive(ann, back); got != "/home" {
		t.Errorf("the browser is sent to %s", got)
	}
}

// Whatever a provider answers, the browser goes to the page of the flow, and
// nothing is half-written.
func TestNoAnswerOfAProviderBreaksTheFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	for fault := range idptest.Faults {
		if fault == "slow" || fault == "stuck" || fault == "endless" {
			continue
		}
		for where, want := range map[string]string{"token": "invalid_code", "user": "unable_to_get_user_info"} {
			script := person("ann", "ann@example.test", true)
			script.Pages = nil
			if where == "token" {
				script.Token = fault
			} else {
				script.User = fault
			}
			got := w.signIn(w.s.Client(), script, nil)
			// An object without a token is answered by nobody's profile.
			if got != "/failed?error="+want && got != "/failed?error=unable_to_get_user_info" {
				t.Errorf("%s at the %s endpoint: the browser is sent to %s", fault, where, got)
			}
		}
	}
	if n := w.s.Count(`select count(*) from "user"`) + w.s.Count("select count(*) from account") + w.s.Count("select count(*) from verification"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if strings.Contains(w.s.Log.String(), "level=ERROR") {
		t.Error("the log has an error of the server")
	}
}

func TestAGateKeepsOutWhomAProviderVouchesFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github+"plugins: {twoFactor: {}}\n")
	w.signIn(w.s.Client(), person("ann", "ann@example.test", true), nil)
	w.s.Exec(`update "user" set "twoFactorEnabled" = true`)
	ann := w.s.Client()
	if got := w.signIn(ann, person("ann", "ann@example.test", true), nil); got != "/home" {
		t.Errorf("the browser is sent to %s", got)
	}
	if who(ann) != "" || ann.Cookie("two_factor") == "" {
		t.Error("nobody was asked for the second factor")
	}
}
