package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The server that runs delivers its messages, counts them, and ends in good
// order.
func TestAServerDeliversWhatItSends(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(receiver.Close)
	p := run(t, listening+`
emailVerification: {sendVerificationEmail: true, sendOnSignUp: true}
messaging: {webhook: {url: '`+receiver.URL+`', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}}
`)
	p.Client().SignUp("ann@example.test")
	const counted = `sallyport_messages_total{event="sendVerificationEmail",outcome="delivered"} 1`
	for end := time.Now().Add(15 * time.Second); !strings.Contains(p.metrics(t), counted+"\n"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no line %s in %s", counted, p.metrics(t))
		}
	}
	for end := time.Now().Add(5 * time.Second); p.Count("select count(*) from sallyport.message") > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a message that was delivered still waits")
		}
	}
	p.stop()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server does not end")
	}
}
