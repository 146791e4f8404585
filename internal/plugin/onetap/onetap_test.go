package onetap_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const google = "socialProviders: {google: {clientId: button, clientSecret: button-secret}}\n"

// tap brings a token of a client to a server with these options.
func tap(t *testing.T, yaml, client string) *authtest.Answer {
	t.Helper()
	idp := idptest.New(t)
	s := authtest.New(t, yaml, authtest.Outbound(idp.Transport()))
	token, err := idp.SignIDToken("google", client, "", idptest.Script{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Client().Post("/one-tap/callback", map[string]any{"idToken": token})
}

func TestWhoseTokensCount(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		yaml, client string
		status       int
	}{
		"the button's":                     {google + "plugins: {oneTap: {}}", "button", http.StatusOK},
		"another's":                        {google + "plugins: {oneTap: {}}", "tap", http.StatusBadRequest},
		"the plugin's own":                 {google + "plugins: {oneTap: {clientId: tap}}", "tap", http.StatusOK},
		"the button's, beside the own":     {google + "plugins: {oneTap: {clientId: tap}}", "button", http.StatusBadRequest},
		"the own, where there is no other": {"plugins: {oneTap: {clientId: tap}}", "tap", http.StatusOK},
		"nobody's":                         {"plugins: {oneTap: {}}", "tap", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tap(t, try.yaml, try.client).Is(try.status)
		})
	}
}

func TestWhoMayTap(t *testing.T) {
	t.Parallel()
	if a := tap(t, google+"plugins: {oneTap: {disableSignup: true}}", "button").Is(http.StatusUnauthorized); a.JSON()["message"] != "signup disabled" {
		t.Error(a.Text)
	}
}
