package server_test

import (
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// userField gives a member of the user who has signed up.
func userField(name string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		_, a := signUp(s, nil)
		user, _ := a.JSON()["user"].(map[string]any)
		return fmt.Sprint(user[name])
	}
}
