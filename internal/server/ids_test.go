package server_test

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// forms are what ids look like, by the value of generateId.
var forms = map[string]*regexp.Regexp{
	"uuid":   regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
	"serial": regexp.MustCompile(`^[1-9][0-9]*$`),
}

// Keys are made, rotated and retired whatever their ids are, and an id of
// another kind is that of no key.
func TestKeysWithIDsOfEachKind(t *testing.T) {
	t.Parallel()
	for kind, form := range forms {
		text := authtest.Starter + "baseURL: http://auth.test\nadvanced: {database: {generateId: " + kind + "}}\n"
		cfg := authtest.Config(t, text)
		cfg.Database.URL = config.NewSecret(authtest.New(t, text).Database)
		if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
			t.Fatal(err)
		}
		err := server.WithKeys(t.Context(), cfg, slog.New(slog.DiscardHandler), func(keys *jwt.Keys) error {
			made, err := keys.Rotate(t.Context(), false)
			if err != nil {
				return err
			}
			if !form.MatchString(made.ID) {
				t.Errorf("%s: the id of a key is %s", kind, made.ID)
			}
			if list, err := keys.List(t.Context()); err != nil || len(list) != 2 || list[1].State != "waiting" {
				t.Errorf("%s: keys %+v, %v", kind, list, err)
			}
			if err := keys.Retire(t.Context(), "no such id"); !errors.Is(err, jwt.ErrNoKey) {
				t.Errorf("%s: retiring nothing: %v", kind, err)
			}
			return keys.Retire(t.Context(), made.ID)
		})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// Where sign-up never signs in, a user that is made up has the id of a real one.
func TestIDsOfMadeUpUsers(t *testing.T) {
	t.Parallel()
	for kind, form := range forms {
		s := authtest.New(t, compose("emailAndPassword: {enabled: true, autoSignIn: false}", "advanced: {database: {generateId: "+kind+"}}"))
		seen := map[any]bool{}
		for range 3 {
			a := s.Client().Post("/sign-up/email", map[string]any{"name": "A", "email": "a@example.test", "password": authtest.Password}).Is(200)
			user, _ := a.JSON()["user"].(map[string]any)
			id, _ := user["id"].(string)
			if !form.MatchString(id) || seen[id] || user["email"] != "a@example.test" {
				t.Errorf("%s: user %v", kind, user)
			}
			seen[id] = true
		}
		if n := s.Count(`select count(*) from "user"`); n != 1 {
			t.Errorf("%s: %d users", kind, n)
		}
	}
}

// idLength is how long the id of a new user is.
func idLength(s *authtest.Server) string {
	_, a := signUp(s, nil)
	user, _ := a.JSON()["user"].(map[string]any)
	id, _ := user["id"].(string)
	return fmt.Sprint(len(id))
}

// listed is how many sessions a user with three of them sees.
func listed(s *authtest.Server) string {
	email := newEmail()
	c, _ := signUp(s, map[string]any{"email": email})
	for range 2 {
		s.Client().Post("/sign-in/email", map[string]any{"email": email, "password": authtest.Password}).Is(200)
	}
	return fmt.Sprint(strings.Count(c.Get("/list-sessions").Text, `"token"`))
}
