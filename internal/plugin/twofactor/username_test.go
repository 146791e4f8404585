package twofactor_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// A user name is a door of passwords: the second factor is asked for after it
// whatever the gate says, and a browser trusted at one door is at the other.
func TestTheGateAsksAfterAUserName(t *testing.T) {
	t.Parallel()
	for _, gate := range []string{"all", "password"} {
		s := authtest.New(t, "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {username: {}, twoFactor: {"+sends+", gate: "+gate+"}}\n")
		ann := withCodes(t, s, "ann")
		ann.Post("/update-user", map[string]any{"username": "ann_1"}).Is(http.StatusOK)
		byName := map[string]any{"username": "Ann_1", "password": authtest.Password}
		browser := ann.at(s)
		if a := browser.Post("/sign-in/username", byName).Is(http.StatusOK); a.Text != `{"twoFactorRedirect":true,"twoFactorMethods":["otp"]}` || browser.isIn() {
			t.Errorf("%s: the answer is %s", gate, a.Text)
		}
		browser.Post("/two-factor/verify-otp", map[string]any{"code": browser.sentCode(), "trustDevice": true}).Is(http.StatusOK)
		for path, body := range map[string]any{"/sign-in/username": byName, "/sign-in/email": ann.credentials()} {
			if a := browser.Post(path, body).Is(http.StatusOK).JSON(); a["token"] == nil {
				t.Errorf("%s: the browser is not trusted at %s", gate, path)
			}
		}
	}
}
