package core_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// receivers are what the messages of a server may meet.
var receivers = map[string]func(t *testing.T) string{
	"takes": func(t *testing.T) string {
		t.Helper()
		s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		t.Cleanup(s.Close)
		return s.URL
	},
	"refuses": func(t *testing.T) string {
		t.Helper()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		return "http://" + l.Addr().String()
	},
	"stalls": func(t *testing.T) string {
		t.Helper()
		l, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return "http://" + l.Addr().String()
	},
}

// Whoever takes messages, and whether there is somebody to write to, takes no
// part in the time of an answer.
func TestAnswersDoNotWaitForMail(t *testing.T) {
	t.Parallel()
	const tries = 15
	typical := map[string]time.Duration{}
	for name, receiver := range receivers {
		s := authtest.New(t, fmt.Sprintf(`
emailAndPassword: {enabled: true, sendResetPassword: true}
rateLimit: {enabled: false}
messaging: {webhook: {url: %q, secret: whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZXNlIHRlc3Rz}}
`, receiver(t)), authtest.Delivering())
		c := s.Client()
		c.SignUp("ann@example.test")
		took := map[string][]time.Duration{}
		for range tries {
			for _, email := range []string{"ann@example.test", "nobody@example.test"} {
				start := time.Now()
				c.Post("/request-password-reset", map[string]any{"email": email}).Is(http.StatusOK)
				took[email] = append(took[email], time.Since(start))
			}
		}
		for email, times := range took {
			slices.Sort(times)
			typical[name+" for "+email] = times[tries/2]
		}
	}
	quickest, slowest := time.Hour, time.Duration(0)
	for _, took := range typical {
		quickest, slowest = min(quickest, took), max(slowest, took)
	}
	// Generous, for machines that do other things too: waiting for a receiver that
	// stalls would take seconds.
	if slowest > 3*quickest+100*time.Millisecond {
		t.Errorf("typical times are %v", typical)
	}
	t.Log(typical)
}
