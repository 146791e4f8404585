package mail_test

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
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
