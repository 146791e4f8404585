package core_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// What a user changes at one instance is what others answer from then on, with
// their keys and whatever else they keep in memory warm.
func TestAChangedUserIsSeenOnEveryInstance(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	other := authtest.New(t, authtest.Starter+"baseURL: "+s.URL+"\n", authtest.Beside(s))
	a, b := s.Client(), other.Client()
	a.SignUp("ann@example.test")
	b.Header.Set("Cookie", "better-auth.session_token="+a.Cookie("session_token"))
	for _, name := range []string{"Ann", "Anna", "Anne"} {
		a.Post("/update-user", map[string]any{"name": name}).Is(http.StatusOK)
		if got := b.Get("/get-session").Text; !strings.Contains(got, `"name":"`+name+`"`) {
			t.Errorf("the session of %s at the other instance: %s", name, got)
		}
		if got := claims(t, b.Get("/token").Is(http.StatusOK)); !strings.Contains(got, `"name":"`+name+`"`) {
			t.Errorf("the token of %s at the other instance: %s", name, got)
		}
	}
	// One key set: who verifies asks either.
	if one, two := a.Get("/jwks").Text, b.Get("/jwks").Text; one != two || !strings.Contains(one, `"kid"`) {
		t.Errorf("key sets: %s and %s", one, two)
	}
}

// claims are the middle part of the token of an answer.
func claims(t *testing.T, a *authtest.Answer) string {
	t.Helper()
	token, _ := a.JSON()["token"].(string)
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", token)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
