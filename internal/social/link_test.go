package social_test

import (
	"encoding/json"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestLinkingAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		yaml, email string
		verified    bool
		want        string
	}{
		"the same address":            {"", "ann@example.test", true, "/home"},
		"not verified":                {"", "ann@example.test", false, "/failed?error=unable_to_link_account"},
		"trusted":                     {"trustedProviders: [github]", "ann@example.test", false, "/home"},
		"another address":             {"", "other@example.test", true, "/failed?error=email_does_not_match"},
		"another address, allowed":    {"allowDifferentEmails: true", "other@example.test", true, "/home"},
		"linking is off":              {"enabled: false", "ann@example.test", true, "/failed?error=unable_to_link_account"},
		"only when asked for, as now": {"disableImplicitLinking: true", "ann@example.test", true, "/home"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, github+"account: {accountLinking: {"+c.yaml+"}}\n")
			ann := w.s.Client()
			ann.SignUp("ann@example.test")
			if got := w.link(ann, person("ann", c.email, c.verified), nil); got != c.want {
				t.Errorf("the browser is sent to %s, want %s", got, c.want)
			}
			want := map[bool]int{true: 1}[c.want == "/home"]
			if n := w.s.Count(`select count(*) from account where "providerId" = 'github'`); n != want {
				t.Errorf("there are %d accounts", n)
			}
			linked := 0
			for _, e := range w.s.Events() {
				if e.Event == "account-linked" && e.UserID != "" && e.ActorID == e.UserID && e.Details["provider"] == "github" {
					linked++
				}
			}
			if linked != want {
				t.Errorf("%d links are written down", linked)
			}
		})
	}
}

func TestALinkEndsWithTheSessionThatBeganIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	ann.SignUp("ann@example.test")
	back := w.begin(ann, "/link-social", map[string]any{}, person("ann", "ann@example.test", true))
	ann.Post("/sign-out", "{}").Is(200)
	if got := w.arrive(ann, back); got != "/failed?error=unable_to_link_account" {
		t.Errorf("the browser is sent to %s", got)
	}
	ann.Post("/link-social", map[string]any{"provider": "github"}).Is(401)
}

func TestALinkedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github+"account: {accountLinking: {updateUserInfoOnLink: true}}\n")
	ann, bob := w.s.Client(), w.s.Client()
	ann.SignUp("ann@example.test")
	bob.SignUp("bob@example.test")
	script := person("ann", "ann@example.test", true)
	script.Profile = json.RawMessage(`{"id":7,"login":"ann","name":"Ann of GitHub","avatar_url":"https://example.test/ann.png"}`)
	script.Answer = json.RawMessage(`{"scope":"a b"}`)
	w.link(ann, script, nil)
	if n := w.s.Count(`select count(*) from "user" where name = 'Ann of GitHub' and image = 'https://example.test/ann.png' and not "emailVerified"`); n != 1 {
		t.Error("the profile was not taken over, or proved an address")
	}
	script.Answer = json.RawMessage(`{"scope":"c b"}`)
	if got := w.link(ann, script, nil); got != "/home" {
		t.Errorf("a second link sends the browser to %s", got)
	}
	if n := w.s.Count(`select count(*) from account where scope = 'a,b,c'`); n != 1 {
		t.Error("the scopes were not joined")
	}
	w.s.Exec(`update "user" set email = 'elsewhere@example.test' where email = 'ann@example.test'`)
	w.s.Exec(`update "user" set email = 'ann@example.test' where email = 'bob@example.test'`)
	if got := w.link(bob, script, nil); got != "/failed?error=account_already_linked_to_different_user" {
		t.Errorf("an account of another is linked: the browser is sent to %s", got)
	}
}

func TestParallelLinksMakeOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	ann.SignUp("ann@example.test")
	const n = 8
	var clients [n]*authtest.Client
	var backs [n]string
	for i := range n {
		clients[i] = w.s.Client()
		clients[i].Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": authtest.Password}).Is(200)
		backs[i] = w.begin(clients[i], "/link-social", map[string]any{}, person("ann", "ann@example.test", true))
	}
	authtest.Together(n, func(i int) {
		if a, err := clients[i].Try(clients[i].Request("GET", backs[i], "", "")); err != nil || a.Header.Get("Location") != "/home" {
			t.Errorf("%v %+v", err, a)
		}
	})
	if got := w.s.Count(`select count(*) from account where "providerId" = 'github'`); got != 1 {
		t.Errorf("there are %d accounts", got)
	}
}
