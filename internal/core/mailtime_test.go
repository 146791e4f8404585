package core_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Whoever takes messages, and whether there is somebody to write to, takes no
// part in an answer: it comes while a receiver still holds the message before.
func TestAnswersDoNotWaitForMail(t *testing.T) {
	t.Parallel()
	taken, release := make(chan struct{}, 100), make(chan struct{})
	stalling := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		taken <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(stalling.Close)
	defer close(release) // before the server waits for its deliveries
	c := resetBy(t, stalling.URL)
	c.Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	<-taken
	for range 3 {
		for _, email := range []string{"ann@example.test", "nobody@example.test"} {
			c.Post("/request-password-reset", map[string]any{"email": email}).Is(http.StatusOK)
		}
	}
}

// A receiver that is not there changes no answer either.
func TestAnswersDoNotTellOfARefusedMail(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	c := resetBy(t, "http://"+l.Addr().String())
	known := c.Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	unknown := c.Post("/request-password-reset", map[string]any{"email": "nobody@example.test"}).Is(http.StatusOK)
	if known.Text != unknown.Text {
		t.Errorf("answered %s and %s", known.Text, unknown.Text)
	}
}

// resetBy gives a client of a server whose messages go to a receiver, where ann
// has signed up.
func resetBy(t *testing.T, receiver string) *authtest.Client {
	t.Helper()
	s := authtest.New(t, fmt.Sprintf(`
emailAndPassword: {enabled: true, sendResetPassword: true}
rateLimit: {enabled: false}
messaging: {webhook: {url: %q, secret: whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZXNlIHRlc3Rz}}
`, receiver), authtest.Delivering())
	c := s.Client()
	c.SignUp("ann@example.test")
	return c
}
