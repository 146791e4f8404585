package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestMessagesWaitInOrder(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	send(t, s, reset("ann@example.test"), reset("bob@example.test"))
	got := s.Messages()
	if len(got) != 2 || got[0].Recipient != "ann@example.test" || got[1].Recipient != "bob@example.test" {
		t.Fatalf("waiting: %+v", got)
	}
	first := got[0]
	if first.Event != "sendResetPassword" || first.Channel != mail.Email || first.Token() != "SECRET" || first.ID == got[1].ID {
		t.Errorf("the first is %+v", first)
	}
	want := `{"user":{"name":"Ann <A&B>","email":"ann@example.test"},"url":"https://auth.test/api/auth/reset-password/SECRET?callbackURL=%2F","token":"SECRET"}`
	if string(first.Letter.Data) != want {
		t.Errorf("data %s", first.Letter.Data)
	}
}

func TestAMessageIsKeptOnlyWithItsChange(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	failed := errors.New("no")
	err := s.Server.Auth.Store.InTx(t.Context(), func(tx *store.Store) error {
		if err := s.Server.Auth.Send(t.Context(), tx, reset("ann@example.test")); err != nil {
			t.Error(err)
		}
		return failed
	})
	if !errors.Is(err, failed) {
		t.Error(err)
	}
	if n := s.Count(`select (select count(*) from sallyport.message) + (select count(*) from sallyport.river_job)`); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
}

// What can be read in the tables is the same whether or not there is somebody
// to write to, and whatever the message is.
func TestRowsTellNothing(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	long := reset("ann@example.test")
	long.Event, long.Data = "sendChangeEmailConfirmation", long.Data.Set("newEmail", strings.Repeat("long", 60)+"@example.test")
	send(t, s, reset("ann@example.test"), long)
	sendNobody(t, s)
	if n := len(s.Messages()); n != 2 {
		t.Errorf("%d messages wait", n)
	}
	kinds := s.Count(`select count(*) from (
		select distinct length(m.sealed), length(m.id), j.kind, j.queue, j.max_attempts, j.priority, j.metadata, j.tags, length(j.args::text)
		from sallyport.message m join sallyport.river_job j on j.args ->> 'message' = m.id) as kinds`)
	if rows := s.Count(`select count(*) from sallyport.message`); kinds != 1 || rows != 3 {
		t.Errorf("%d rows of %d kinds", rows, kinds)
	}
	readable := s.Count(`select count(*) from sallyport.message m join sallyport.river_job j on j.args ->> 'message' = m.id
		where position('ann@'::bytea in m.sealed) + position('SECRET'::bytea in m.sealed) > 0
			or j.args::text like '%ann@%' or j.args::text like '%SECRET%'`)
	if readable != 0 {
		t.Errorf("%d rows can be read", readable)
	}
}
