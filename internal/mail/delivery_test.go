package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/mail"
)

func TestTheWebhookGetsWhatTheCallbackWould(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	s := authtest.New(t, authtest.Starter+r.messaging(), authtest.Delivering())
	send(t, s, reset("ann@example.test"))
	sendNobody(t, s)
	empty(t, s, 15*time.Second)
	got := r.taken()
	want := `{"event":"sendResetPassword","channel":"email","recipient":"ann@example.test","data":` +
		`{"user":{"name":"Ann <A&B>","email":"ann@example.test"},"url":"https://auth.test/api/auth/reset-password/SECRET?callbackURL=%2F","token":"SECRET"}}`
	if len(got) != 1 || got[0].body != want {
		t.Errorf("got %+v", got)
	}
}

// A receiver that fails at times gets each message again, under the same id.
func TestAFailingWebhookIsTriedAgain(t *testing.T) {
	t.Parallel()
	statuses := []int{503, 500, 429}
	r := newReceiver(t, func(n int) int {
		if n <= len(statuses) {
			return statuses[n-1]
		}
		return 204
	})
	s := authtest.New(t, authtest.Starter+r.messaging(), authtest.Delivering())
	send(t, s, reset("ann@example.test"), reset("bob@example.test"))
	waiting := s.Messages()
	empty(t, s, recovered)
	got := r.taken()
	if len(got) != 2 || got[0].id == got[1].id {
		t.Fatalf("got %+v", got)
	}
	for _, m := range got {
		if m.id != "msg_"+waiting[0].ID && m.id != "msg_"+waiting[1].ID {
			t.Errorf("the id %s is none of the outbox", m.id)
		}
	}
}

// An address that nobody configured learns nothing.
func TestAWebhookIsNotRedirected(t *testing.T) {
	t.Parallel()
	elsewhere := newReceiver(t, nil)
	r := newReceiver(t, func(int) int { return 307 })
	r.location = elsewhere.URL
	s := authtest.New(t, authtest.Starter+r.messaging(), authtest.Delivering())
	send(t, s, reset("ann@example.test"))
	eventually(t, 15*time.Second, "the refusal", func() bool { return strings.Contains(s.Log.String(), "the receiver answered 307") })
	if len(elsewhere.taken()) != 0 {
		t.Error("the message went elsewhere")
	}
}

func TestTwoInstancesDeliverEachMessageOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	a := authtest.New(t, authtest.Starter+r.messaging(), authtest.Delivering())
	authtest.New(t, authtest.Starter+r.messaging(), authtest.Beside(a), authtest.Delivering())
	var messages []mail.Message
	for i := range 60 {
		messages = append(messages, reset(fmt.Sprintf("user%d@example.test", i)))
	}
	send(t, a, messages...)
	empty(t, a, recovered)
	seen := map[string]int{}
	for _, m := range r.taken() {
		seen[m.id]++
	}
	if len(seen) != len(messages) || len(r.taken()) != len(messages) {
		t.Errorf("%d messages came as %d", len(r.taken()), len(seen))
	}
}

// What a process has left in the outbox is delivered by the next one, and so is
// what it was delivering when it died.
func TestMessagesOutliveTheirProcess(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	a := authtest.New(t, authtest.Starter+r.messaging())
	send(t, a, reset("ann@example.test"), reset("bob@example.test"))
	a.Exec(`update sallyport.river_job set state = 'running', attempt = 1, attempted_at = now() - interval '2 minutes', attempted_by = '{gone}'
		where id = (select min(id) from sallyport.river_job)`)
	authtest.New(t, authtest.Starter+r.messaging(), authtest.Beside(a), authtest.Delivering())
	eventually(t, 10*time.Second, "the message that waited", func() bool { return len(r.taken()) == 1 })
	empty(t, a, time.Minute)
	if n := len(r.taken()); n != 2 {
		t.Errorf("%d messages came", n)
	}
}

// The outbox and the tables of River go by the name of our schema.
func TestDeliveryInAnotherSchema(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, nil)
	s := authtest.New(t, authtest.Starter+r.messaging()+"server: {schema: guard}\n", authtest.Delivering())
	send(t, s, reset("ann@example.test"))
	eventually(t, 15*time.Second, "the message", func() bool {
		return len(r.taken()) == 1 && s.Count(`select count(*) from guard.message`) == 0
	})
	if n := s.Count(`select count(*) from pg_namespace where nspname = 'sallyport'`); n != 0 {
		t.Error("something is under the default name")
	}
}
