package social_test

import (
	"encoding/json"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const google = "socialProviders: {google: {clientId: app, clientSecret: app-secret}}\n"

// token gives an ID token of Google's.
func (w *world) token(email string, verified bool) string {
	w.t.Helper()
	claims, err := json.Marshal(map[string]any{"sub": email, "email": email, "email_verified": verified})
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.idp.SignIDToken("google", "app", "", idptest.Script{Claims: claims})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func body(token string) map[string]any {
	return map[string]any{"provider": "google", "idToken": map[string]any{"token": token, "accessToken": "the-access", "refreshToken": "the-refresh"}}
}

func TestSignInWithAnIDToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, google)
	ann := w.s.Client()
	a := ann.Post("/sign-in/social", body(w.token("ann@example.test", true))).Is(200)
	if got := a.JSON(); got["redirect"] != false || got["token"] == nil || got["url"] != nil || who(ann) != "ann@example.test" {
		t.Errorf("answered %s", a.Text)
	}
	if n := w.s.Count(`select count(*) from account where "providerId" = 'google' and "accessToken" = 'the-access' and "refreshToken" is null and scope is null and "idToken" is not null`); n != 1 {
		t.Error("the account has other tokens")
	}
	ann.Post("/sign-in/social", body(w.token("ann@example.test", true)+"x")).Code(401, "INVALID_TOKEN")
	ann.Post("/sign-in/social", body("x")).Code(401, "INVALID_TOKEN")
	w.s.Client().SignUp("bob@example.test")
	refused := w.s.Client().Post("/sign-in/social", body(w.token("bob@example.test", true))).Code(401, "OAUTH_LINK_ERROR")
	if refused.JSON()["message"] != "account not linked" {
		t.Errorf("refused with %s", refused.Text)
	}

	off := newWorld(t, "socialProviders: {google: {clientId: app, clientSecret: app-secret, disableIdTokenSignIn: true}}\n")
	off.s.Client().Post("/sign-in/social", body(off.token("ann@example.test", true))).Code(404, "ID_TOKEN_NOT_SUPPORTED")
}

func TestLinkWithAnIDToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, google)
	ann, bob := w.s.Client(), w.s.Client()
	ann.SignUp("ann@example.test")
	bob.SignUp("bob@example.test")
	ann.Post("/link-social", body(w.token("ann@example.test", false))).Code(401, "LINKING_NOT_ALLOWED")
	ann.Post("/link-social", body(w.token("other@example.test", true))).Code(401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED")
	for range 2 {
		if a := ann.Post("/link-social", body(w.token("ann@example.test", true))).Is(200); a.Text != `{"url":"","status":true,"redirect":false}` {
			t.Errorf("answered %s", a.Text)
		}
	}
	if n := w.s.Count(`select count(*) from account where "providerId" = 'google' and "refreshToken" = 'the-refresh'`); n != 1 {
		t.Errorf("there are %d accounts", n)
	}
	bob.Post("/link-social", body(w.token("ann@example.test", true))).Code(409, "SOCIAL_ACCOUNT_ALREADY_LINKED")
}
