package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.username.schema.user.fields": "TestNamesOfTheColumnsOfUserNames",
	})
	maps.Copy(audited, map[string]string{
		"POST /sign-in/username":      "sign-in failure, sign-in success",
		"POST /is-username-available": "",
	})
	visits = append(visits, func(v *visitor) {
		una := v.signUp("una.audit@example.test")
		una.Post("/update-user", map[string]any{"username": "una_audit"}).Is(http.StatusOK)
		for _, name := range []string{"nobody_audit", "una_audit"} {
			v.s.Client().Post("/sign-in/username", map[string]any{"username": name, "password": "a wrong password"}).Is(http.StatusUnauthorized)
		}
		v.s.Client().Post("/sign-in/username", map[string]any{"username": "una_audit", "password": una.password}).Is(http.StatusOK)
		v.s.Client().Post("/is-username-available", map[string]any{"username": "una_audit"}).Is(http.StatusOK)
		v.secret("nobody_audit", "una_audit")
	})
	const on = "plugins: {username: {}}"
	effects = append(effects, []effect{
		{"plugins.username.minUsernameLength", "plugins: {username: {minUsernameLength: 5}}", on, askForName("four"), "200", "422"},
		{"plugins.username.maxUsernameLength", "plugins: {username: {maxUsernameLength: 5}}", on, askForName("sixsix"), "200", "422"},
		{"plugins.username.usernameValidator", `plugins: {username: {usernameValidator: "^x"}}`, on, askForName("name"), "200", "422"},
		{"plugins.username.usernameNormalization", "plugins: {username: {usernameNormalization: false}}", on, named(nil, "username"), "up_down", "Up_Down"},
		{"plugins.username.displayUsernameValidator", `plugins: {username: {displayUsernameValidator: "^x"}}`, on, named(map[string]any{"displayUsername": "Up"}, "displayUsername"), "Up", "none"},
		{"plugins.username.displayUsernameNormalization", "plugins: {username: {displayUsernameNormalization: lowercase}}", on, named(nil, "displayUsername"), "Up_Down", "up_down"},
		{"plugins.username.displayUsername", "plugins: {username: {displayUsername: false}}", on, named(nil, "displayUsername"), "Up_Down", "<nil>"},
		{"plugins.username.validationOrder.username", `plugins: {username: {usernameValidator: "^[a-z]+$", validationOrder: {username: post-normalization}}}`, `plugins: {username: {usernameValidator: "^[a-z]+$"}}`, askForName("NAME"), "422", "200"},
		{"plugins.username.validationOrder.displayUsername", `plugins: {username: {displayUsernameValidator: "^[a-z]+$", displayUsernameNormalization: lowercase, validationOrder: {displayUsername: post-normalization}}}`, `plugins: {username: {displayUsernameValidator: "^[a-z]+$", displayUsernameNormalization: lowercase}}`, named(map[string]any{"displayUsername": "NAME"}, "displayUsername"), "none", "name"},
		{"plugins.username.immutableUsername", "plugins: {username: {immutableUsername: true}}", on, renamed, "200", "400"},
	}...)
}

func askForName(name string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		return fmt.Sprint(s.Client().Post("/is-username-available", map[string]any{"username": name}).Status)
	}
}

// names numbers the user names, since several options are looked at on one server.
var names atomic.Int64

// named gives a member of a user who has signed up with a user name, without its
// number.
func named(more map[string]any, member string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		body := map[string]any{"username": fmt.Sprint("Up_Down", names.Add(1))}
		maps.Copy(body, more)
		_, a := signUp(s, body)
		user, ok := a.JSON()["user"].(map[string]any)
		if !ok {
			return "none"
		}
		return strings.TrimRight(fmt.Sprint(user[member]), "0123456789")
	}
}

func renamed(s *authtest.Server) string {
	c, _ := signUp(s, map[string]any{"username": "before"})
	return fmt.Sprint(c.Post("/update-user", map[string]any{"username": "after"}).Status)
}

func TestNamesOfTheColumnsOfUserNames(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, compose(`plugins: {username: {schema: {user: {fields: {username: "login name", displayUsername: shown}}}}}`))
	_, _ = signUp(s, map[string]any{"username": "Ann"})
	if n := s.Count(`select count(*) from "user" where "login name" = 'ann' and shown = 'Ann'`); n != 1 {
		t.Errorf("%d users", n)
	}
}
