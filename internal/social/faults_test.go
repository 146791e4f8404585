package social_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// page is a profile of GitHub's with texts as they are, whether they are JSON or not.
func page(members string) idptest.Script {
	raw := base64.StdEncoding.EncodeToString([]byte(`{"login":"ann","email":"ann@example.test",` + members + `}`))
	return idptest.Script{Pages: map[string]json.RawMessage{
		"GET https://api.github.com/user":        json.RawMessage(`{"$type":"application/json","$base64":"` + raw + `"}`),
		"GET https://api.github.com/user/emails": json.RawMessage(`[]`),
	}}
}

const (
	noUser     = "/failed?error=unable_to_get_user_info"
	notCreated = "/failed?error=unable_to_create_user"
)

// Strange values in a profile make a whole user or none.
func TestNoProfileIsHalfWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	long := strings.Repeat("x", 1<<20)
	for members, want := range map[string]string{
		`"id":"a","name":"a\u0000b"`:                       notCreated,
		`"id":"a\u0000b"`:                                  notCreated,
		`"id":"b","avatar_url":"\u0000"`:                   notCreated,
		`"id":"c","email":"c\u0000@example.test"`:          notCreated,
		`"id":"d","name":"` + "\xff\xfe" + `"`:             "/home",
		`"id":"e","name":"\ud800 and more"`:                "/home",
		`"id":"f","name":"` + long + `"`:                   noUser,
		`"id":"g","email":"` + long[:1000] + `@mail.test"`: "/home",
		`"id":"h","email":"no address"`:                    "/home",
		`"id":"i","email":7`:                               "/failed?error=email_not_found",
		`"id":"j","name":{"a":[1]},"avatar_url":[true]`:    "/home",
		`"id":true`:    noUser,
		`"id":[1]`:     noUser,
		`"id":{"a":1}`: noUser,
		`"id":null`:    noUser,
		`"id":" "`:     noUser,
		`"id":1e400`:   noUser,
		`"id":-1e400`:  noUser,
		`"id":-5`:      "/home",
		`"id":1e30`:    "/home",
		`"id":0`:       "/home",
		`"id":1.5`:     "/home",
	} {
		ann := w.s.Client()
		back := w.begin(ann, "/sign-in/social", map[string]any{}, idptest.Script{})
		w.idp.Tell("github", page(members))
		if got := w.arrive(ann, back); got != want {
			t.Errorf("%.60s: the browser is sent to %s, want %s", members, got, want)
		}
		rows := 0
		if want == "/home" {
			rows = 1
		}
		for _, table := range []string{`"user"`, "account", "session"} {
			if n := w.s.Count("select count(*) from " + table); n != rows {
				t.Errorf("%.60s: %d rows of %s", members, n, table)
			}
		}
		if signedIn := who(ann) != ""; signedIn != (rows == 1) {
			t.Errorf("%.60s: somebody is signed in: %v", members, signedIn)
		}
		w.s.Exec(`delete from "user"`)
	}
	w.untouched()
}

// untouched tells whether nothing was written and nothing failed here.
func (w *world) untouched() {
	w.t.Helper()
	for _, table := range []string{`"user"`, "account", "session", "verification"} {
		if n := w.s.Count("select count(*) from " + table); n != 0 {
			w.t.Errorf("%d rows are left of %s", n, table)
		}
	}
	if strings.Contains(w.s.Log.String(), "level=ERROR") {
		w.t.Error("the log has an error of the server")
	}
}

// A provider that does not come to an end holds up a sign-in, and no longer than a
// request may take.
func TestAProviderThatDoesNotEndIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, github)
	var group sync.WaitGroup
	for _, fault := range []string{"stuck", "endless"} {
		for want, script := range map[string]idptest.Script{
			"/failed?error=invalid_code": {Alone: true, Token: fault}, noUser: {Alone: true, User: fault},
		} {
			ann := w.s.Client()
			back := w.begin(ann, "/sign-in/social", map[string]any{}, script)
			group.Go(func() {
				began := time.Now()
				if got := w.arrive(ann, back); got != want {
					t.Errorf("%s: the browser is sent to %s, want %s", fault, got, want)
				}
				if took := time.Since(began); took > 3*outbound.Timeout {
					t.Errorf("%s: the browser waited for %s", fault, took)
				}
			})
		}
	}
	group.Wait()
	w.untouched()
	if got := w.signIn(w.s.Client(), idptest.Script{Alone: true, Token: "slow", User: "slow"}, nil); got != "/home" {
		t.Errorf("a slow provider sends the browser to %s", got)
	}
}

// bring signs in with an ID token of Google's for a nonce.
func (w *world) bring(script idptest.Script) *authtest.Answer {
	w.t.Helper()
	token, err := w.idp.SignIDToken("google", "app", "the-nonce", script)
	if err != nil {
		w.t.Fatal(err)
	}
	body := map[string]any{"provider": "google", "idToken": map[string]any{"token": token, "nonce": "the-nonce"}}
	return w.s.Client().Post("/sign-in/social", body)
}

func TestAnIDTokenThatIsNotRightSignsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, google)
	for fault := range idptest.IDTokenFaults {
		if fault == "absent" {
			continue
		}
		w.bring(idptest.Script{IDToken: fault}).Code(401, "INVALID_TOKEN")
	}
	w.bring(idptest.Script{Claims: []byte(`{"email":null}`)}).Code(401, "USER_EMAIL_NOT_FOUND")
	w.untouched()
}

// A key that a provider begins to sign with is known after half a minute at most,
// and no number of made-up ones makes the server ask more often.
func TestANewKeyOfAProviderIsFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, google)
	w.bring(idptest.Script{}).Is(200)
	w.idp.Rotate("google", false)
	w.s.Clock.Advance(31 * time.Second)
	w.idp.Asked()
	w.bring(idptest.Script{}).Is(200)
	for range 20 {
		w.bring(idptest.Script{IDToken: "kid"}).Code(401, "INVALID_TOKEN")
	}
	if asked := w.idp.Asked(); len(asked) != 1 {
		t.Errorf("the provider was asked %d times: %v", len(asked), asked)
	}
}
