package social_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const both = `socialProviders:
  github: {clientId: app, clientSecret: app-secret}
  gitlab: {clientId: app, clientSecret: app-secret}
`

// What one provider sends a browser back with ends no flow that was begun with
// another: a sign-in there would be as whom the first one likes, and a link would
// give the user's account a login of its choice.
func TestAStateCountsAtItsProviderAlone(t *testing.T) {
	t.Parallel()
	for name, strategy := range map[string]string{"database": "", "cookie": "account: {storeStateStrategy: cookie}\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, both+strategy)
			eve := w.s.Client()
			foreign, err := url.Parse(w.begin(eve, "/sign-in/social", map[string]any{"provider": "gitlab"}, idptest.Script{Alone: true}))
			if err != nil {
				t.Fatal(err)
			}
			ann := w.s.Client()
			back := w.begin(ann, "/sign-in/social", map[string]any{}, person("ann", "ann@example.test", true))
			mixed := "/callback/gitlab?" + url.Values{"code": {foreign.Query().Get("code")}, "state": {state(back)}}.Encode()
			w.idp.Asked()
			if to := w.arrive(ann, mixed); !strings.HasSuffix(to, "/error?error=state_mismatch") || who(ann) != "" || len(w.idp.Asked()) != 0 {
				t.Errorf("the browser is sent to %s", to)
			}
			if to := w.arrive(ann, back); to != "/home" {
				t.Errorf("the flow itself ends at %s", to)
			}
		})
	}
}

// A letter that turns into one of ASCII is not that letter: who can read the mail of
// the one address is not who can read that of the other.
func TestAnAddressThatLooksLikeAnotherIsAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	kim := w.s.Client()
	kim.SignUp("kim@example.test")
	w.s.Exec(`update "user" set "emailVerified" = true`)
	for _, address := range []string{"\u212Aim@example.test", "k\u0130m@example.test"} {
		eve := w.s.Client()
		if to := w.signIn(eve, person(address, address, true), nil); to != "/home" || who(eve) == "kim@example.test" {
			t.Errorf("%s is sent to %s as %s", address, to, who(eve))
		}
		if to := w.link(kim, person("x"+address, address, true), nil); to != "/failed?error=email_does_not_match" {
			t.Errorf("a link of %s leads to %s", address, to)
		}
	}
	if users := w.s.Count(`select count(*) from "user"`); users != 3 {
		t.Errorf("there are %d users", users)
	}
}

// Neither a flow that succeeds nor one that a provider fails writes a secret of it
// into the log or into the audit log.
func TestNoSecretOfAFlowIsWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, both)
	var secrets []string
	for _, script := range []idptest.Script{
		{},
		{Token: "400"},
		{Token: "500"},
		{Token: "error200"},
		{Token: "half"},
		{Token: "inner"},
		{User: "401"},
		{User: "text"},
		{User: "redirect"},
		{Answer: json.RawMessage(`{"error": "invalid_grant"}`)},
	} {
		c := w.s.Client()
		back := w.begin(c, "/sign-in/social", map[string]any{"provider": "gitlab"}, script)
		w.arrive(c, back)
		at, err := url.Parse(back)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, at.Query().Get("code"), at.Query().Get("state"), c.Cookie("state"), c.Cookie("session_token"))
	}
	for _, asked := range w.idp.Asked() {
		form, _ := url.ParseQuery(asked.Body)
		secrets = append(secrets, form.Get("code_verifier"), form.Get("client_secret"), strings.TrimPrefix(asked.Header.Get("Authorization"), "Bearer "))
	}
	written := w.s.Log.String()
	for _, event := range w.s.Events() {
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		written += string(text)
	}
	n := 0
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		if n++; strings.Contains(written, secret) || strings.Contains(written, url.QueryEscape(secret)) {
			t.Errorf("%q is written down", secret)
		}
	}
	if n < 40 || !strings.Contains(written, "a provider has not taken a code") {
		t.Errorf("%d secrets were looked for in\n%s", n, written)
	}
}

// No page outside the application is ever where a flow ends, and no answer of a
// provider writes a header.
func TestAFlowEndsOnPagesOfTheApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	ann := w.s.Client()
	ann.SignUp("ann@example.test")
	for _, path := range []string{"/sign-in/social", "/link-social"} {
		for _, field := range []string{"callbackURL", "errorCallbackURL", "newUserCallbackURL"} {
			for _, target := range []string{
				"https://evil.test/", "//evil.test", `/\evil.test`, "/%5cevil.test", "javascript:alert(1)", "https://auth.test@evil.test/", "/a\r\nb", "/..//evil.test",
			} {
				if a := ann.Post(path, map[string]any{"provider": "github", field: target}); a.Status != 403 {
					t.Errorf("%s takes %s %q: %d %s", path, field, target, a.Status, a.Text)
				}
			}
		}
	}
	// A state that says otherwise, such as one from before the configuration changed.
	for member, script := range map[string]idptest.Script{
		"callbackURL": person("ann", "ann@other.test", true),
		"errorURL":    {Callback: map[string]*string{"error": text("x\r\nSet-Cookie: a=b"), "error_description": text("&error=y#z"), "code": nil}},
		"newUserURL":  person("new", "new@other.test", true),
	} {
		c := w.s.Client()
		back := w.begin(c, "/sign-in/social", map[string]any{}, script)
		w.s.Exec(`update verification set value = jsonb_set(value::jsonb, array[$1], '"https://evil.test/"')::text where value like '%' || $2 || '%'`, member, state(back))
		to, err := url.Parse(w.arrive(c, back))
		if err != nil || to.Host != "" || to.Path != "/" || c.Cookie("a") != "" {
			t.Errorf("%s leads to %v, %v", member, to, err)
		}
	}
}

func text(s string) *string { return &s }

// What Microsoft has verified is an address as a whole, and LINE vouches for the first
// of its client ids.
func TestWhatSingleProvidersVouchFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `socialProviders:
  microsoft: {clientId: app, clientSecret: app-secret}
  line: {clientId: [app, other], clientSecret: app-secret}
`)
	for i, tt := range []struct{ verified, want string }{
		{`["%s"]`, "true"}, {`"%s"`, "true"}, {`"eve-%s"`, "false"}, {`["eve-%s"]`, "false"}, {`[]`, "false"},
	} {
		email := fmt.Sprintf("ann%d@example.test", i)
		claims := strings.ReplaceAll(`{"sub": "E", "oid": "E", "email": "E", "verified_primary_email": `+tt.verified+`}`, "E", email)
		script := idptest.Script{Claims: json.RawMessage(strings.ReplaceAll(claims, "%s", email))}
		if to := w.signIn(w.s.Client(), script, map[string]any{"provider": "microsoft"}); to != "/home" {
			t.Errorf("%s leads to %s", tt.verified, to)
		}
		if n := w.s.Count(`select count(*) from "user" where email = $1 and "emailVerified" = $2`, email, tt.want == "true"); n != 1 {
			t.Errorf("with %s the address is not verified: %s", tt.verified, tt.want)
		}
	}
	for id, status := range map[string]int{"app": 200, "other": 401} {
		token, err := w.idp.SignIDToken("line", id, "", idptest.Script{})
		if err != nil {
			t.Fatal(err)
		}
		body := map[string]any{"provider": "line", "idToken": map[string]any{"token": token}}
		if a := w.s.Client().Post("/sign-in/social", body); a.Status != status {
			t.Errorf("a token for %s: %d %s", id, a.Status, a.Text)
		}
	}
}
