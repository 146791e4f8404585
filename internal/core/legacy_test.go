package core_test

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// horseBcrypt is a bcrypt hash of authtest.Password, made by Python's bcrypt.
const horseBcrypt = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."

// everyDoor is a configuration with every plugin that asks for passwords.
const everyDoor = `
emailAndPassword: {enabled: true}
user: {deleteUser: {enabled: true}}
rateLimit: {enabled: false}
plugins: {username: {}, twoFactor: {}}
`

// imported gives the user of that address the hash of other software.
func imported(s *authtest.Server, email, hash string) {
	s.Exec(`update account set password = $1 where "userId" = (select id from "user" where email = $2)`, hash, email)
}

// converted tells whether the user of that address has a hash of our own.
func converted(s *authtest.Server, email string) bool {
	return s.Count(`select count(*) from account where "userId" = (select id from "user" where email = $1) and password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$'`, email) == 1
}

// Whichever door asks for the password, the hash of other software opens it, and is
// one of our own from then on.
func TestHashesOfOtherSoftwareOpenEveryDoor(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, everyDoor)
	const email = "ann@example.test"
	c := s.Client()
	c.Post("/sign-up/email", with(newcomer(email), map[string]any{"username": "ann"})).Is(http.StatusOK)
	for _, door := range []struct {
		path string
		body map[string]any
		who  *authtest.Client
	}{
		{"/sign-in/email", credentials(email), s.Client()},
		{"/sign-in/username", map[string]any{"username": "ann", "password": authtest.Password}, s.Client()},
		{"/verify-password", map[string]any{"password": authtest.Password}, c},
		{"/two-factor/enable", map[string]any{"password": authtest.Password}, c},
		{"/change-password", map[string]any{"currentPassword": authtest.Password, "newPassword": authtest.Password}, c},
		{"/delete-user", map[string]any{"password": authtest.Password}, c},
	} {
		imported(s, email, horseBcrypt)
		a := door.who.Post(door.path, mistaken(door.body))
		if a.Status != http.StatusBadRequest && a.Status != http.StatusUnauthorized || converted(s, email) {
			t.Errorf("%s with a wrong password: %d %s", door.path, a.Status, a.Text)
		}
		door.who.Post(door.path, door.body).Is(http.StatusOK)
		if door.path != "/delete-user" && !converted(s, email) {
			t.Errorf("%s leaves the hash as it is", door.path)
		}
	}
	if n := s.Count(`select count(*) from "user"`); n != 0 {
		t.Error("the user is still there")
	}
}

// mistaken is a body with another password to prove who asks.
func mistaken(body map[string]any) map[string]any {
	other := maps.Clone(body)
	for _, name := range []string{"password", "currentPassword"} {
		if _, given := other[name]; given {
			other[name] = "another password"
		}
	}
	return other
}

func TestOfManyFirstSignInsEachSucceeds(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	const email = "ann@example.test"
	s.Client().SignUp(email)
	imported(s, email, horseBcrypt)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := s.Client()
			a, err := c.Try(c.Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+email+`","password":"`+authtest.Password+`"}`))
			if err != nil || a.Status != http.StatusOK {
				t.Errorf("%v, %v", a, err)
			}
		})
	}
	wg.Wait()
	if !converted(s, email) || s.Count(`select count(*) from session`) != 9 {
		t.Error("the hash is the old one, or a session is missing")
	}
	s.Client().Post("/sign-in/email", credentials(email)).Is(http.StatusOK)
}

// A password that is set while the old one is being checked stays, whichever of the
// two comes first.
func TestANewPasswordIsNotOverwrittenByAConversion(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	const email = "ann@example.test"
	s.Client().SignUp(email)
	other := strings.Repeat("0", 32) + ":" + strings.Repeat("0", 128)
	for range 4 {
		imported(s, email, horseBcrypt)
		var wg sync.WaitGroup
		wg.Go(func() {
			c := s.Client()
			_, _ = c.Try(c.Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+email+`","password":"`+authtest.Password+`"}`))
		})
		imported(s, email, other)
		wg.Wait()
		if s.Count(`select count(*) from account where password = $1`, other) != 1 {
			t.Error("the new password is gone")
		}
	}
}

func TestWrongPasswordsOfImportedUsersAreCounted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(authtest.Starter, "rateLimit", "server: {throttle: on}\nrateLimit", 1))
	s.Clock.Stop() // ten hashes may take longer than the first pause
	const email = "ann@example.test"
	s.Client().SignUp(email)
	imported(s, email, horseBcrypt)
	for range 10 {
		s.Client().Post("/sign-in/email", with(credentials(email), map[string]any{"password": "another password"})).Is(http.StatusUnauthorized)
	}
	s.Client().Post("/sign-in/email", credentials(email)).Is(http.StatusTooManyRequests)
	if converted(s, email) {
		t.Error("the hash was converted")
	}
}
