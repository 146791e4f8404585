package admin_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// mailing is a configuration that mails links to set another password.
const mailing = `
emailAndPassword: {enabled: true, sendResetPassword: true}
rateLimit: {enabled: false}
plugins: {admin: {}}
`

func TestAPasswordFromAnAdminTakesBackWhatWasMailed(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailing)
	ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
	bob.Post("/request-password-reset", map[string]any{"email": bob.email}).Is(http.StatusOK)
	token := s.LastMessage("sendResetPassword").Token()
	ann.Post("/admin/set-user-password", map[string]any{"userId": bob.id, "newPassword": "battery staple"}).Is(http.StatusOK)
	s.Client().Post("/reset-password", map[string]any{"token": token, "newPassword": "another one"}).Is(http.StatusBadRequest)
	for word, status := range map[string]int{password: http.StatusUnauthorized, "another one": http.StatusUnauthorized, "battery staple": http.StatusOK} {
		s.Client().Post("/sign-in/email", map[string]any{"email": bob.email, "password": word}).Is(status)
	}
	if got := who(bob.Client); got != "Bob" {
		t.Errorf("the session is %q's", got)
	}
}

func TestARemovedUserLeavesNothing(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailing)
	ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
	bob.Post("/request-password-reset", map[string]any{"email": bob.email}).Is(http.StatusOK)
	ann.Post("/admin/remove-user", map[string]any{"userId": bob.id}).Is(http.StatusOK)
	ann.Post("/admin/remove-user", map[string]any{"userId": bob.id}).Is(http.StatusNotFound)
	for _, table := range []string{`"user" where id = $1`, `session where "userId" = $1`, `account where "userId" = $1`, "verification where value = $1"} {
		if n := s.Count("select count(*) from "+table, bob.id); n != 0 {
			t.Errorf("%d rows of %s", n, table)
		}
	}
	if got := who(bob.Client); got != "" {
		t.Errorf("the session is %q's", got)
	}
}
