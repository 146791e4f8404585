package mail_test

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// reset is a message as /request-password-reset sends it.
func reset(to string) mail.Message {
	return mail.Message{
		Event: "sendResetPassword", Channel: mail.Email, Recipient: to, ExpiresAt: time.Now().Add(time.Hour),
		Data: api.Object{
			{Key: "user", Value: api.Object{{Key: "name", Value: "Ann <A&B>"}, {Key: "email", Value: to}}},
			{Key: "url", Value: "https://auth.test/api/auth/reset-password/SECRET?callbackURL=%2F"},
			{Key: "token", Value: "SECRET"},
		},
	}
}

// send keeps messages, each in a transaction of its own.
func send(t *testing.T, s *authtest.Server, messages ...mail.Message) {
	t.Helper()
	for _, m := range messages {
		err := s.Server.Auth.Store.InTx(t.Context(), func(tx *store.Store) error {
			return s.Server.Auth.Send(t.Context(), tx, m)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sendNobody keeps a message that reaches nobody.
func sendNobody(t *testing.T, s *authtest.Server) {
	t.Helper()
	err := s.Server.Auth.Store.InTx(t.Context(), func(tx *store.Store) error {
		return s.Server.Auth.SendNobody(t.Context(), tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}
