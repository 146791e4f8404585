package mail_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// receiver is a webhook receiver that verifies signatures with the library of
// those who wrote the standard.
type receiver struct {
	*httptest.Server

	mu sync.Mutex
	// location is where redirects point to.
	location string
	// answer gives the status for the nth request; nil is always 200.
	answer   func(n int) int
	requests int
	got      []received
}

type received struct{ id, body string }

func newReceiver(t *testing.T, answer func(n int) int) *receiver {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(hookSecret)
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err == nil {
			err = verifier.Verify(body, q.Header)
		}
		if err != nil {
			t.Errorf("the signature does not verify: %v", err)
		}
		w.Header().Set("Location", r.location)
		w.WriteHeader(r.take(received{q.Header.Get("Webhook-Id"), string(body)}))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) take(m received) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests++
	status := http.StatusOK
	if r.answer != nil {
		status = r.answer(r.requests)
	}
	if status < 300 {
		r.got = append(r.got, m)
	}
	return status
}

// messaging is the configuration that sends to the receiver.
func (r *receiver) messaging() string {
	return "messaging: {webhook: {url: '" + r.URL + "', secret: " + hookSecret + "}}\n"
}

func (r *receiver) taken() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.got...)
}

// eventually waits for something that happens in the background.
func eventually(t *testing.T, within time.Duration, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// empty waits until the outbox holds nothing.
func empty(t *testing.T, s *authtest.Server, within time.Duration) {
	t.Helper()
	eventually(t, within, "an empty outbox", func() bool { return s.Count(`select count(*) from sallyport.message`) == 0 })
}
