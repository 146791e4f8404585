package core_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestOK(t *testing.T) {
	t.Parallel()
	if got := authtest.New(t, authtest.Starter).Client().Get("/ok").Is(http.StatusOK).Text; got != `{"ok":true}` {
		t.Errorf("got %s", got)
	}
}

func TestErrorPage(t *testing.T) {
	t.Parallel()
	plain := authtest.New(t, authtest.Starter)
	own := authtest.New(t, authtest.Starter+"onAPIError: {errorURL: 'https://app.test/oops?from=auth#top'}\n")
	tests := []struct{ query, plain, own string }{
		{"", "/?error=UNKNOWN", "https://app.test/oops?from=auth&error=UNKNOWN#top"},
		{"?error=TOKEN_EXPIRED", "/?error=TOKEN_EXPIRED", "https://app.test/oops?from=auth&error=TOKEN_EXPIRED#top"},
		{"?error=%3Cscript%3E", "/?error=UNKNOWN", "https://app.test/oops?from=auth&error=UNKNOWN#top"},
		{"?error=a&error_description=b+c%26d", "/?error=a&error_description=b+c%26d", "https://app.test/oops?from=auth&error=a&error_description=b+c%26d#top"},
		{"?error=a%0d%0aX:y", "/?error=UNKNOWN", "https://app.test/oops?from=auth&error=UNKNOWN#top"},
	}
	for _, tt := range tests {
		for s, want := range map[*authtest.Server]string{plain: tt.plain, own: tt.own} {
			a := s.Client().Get("/error" + tt.query).Is(http.StatusFound)
			if got := a.Header.Get("Location"); got != want || a.Text != "" {
				t.Errorf("%s: to %s %q, want %s", tt.query, got, a.Text, want)
			}
		}
	}
}

func TestAnErrorPageThatIsNoURLEndsTheStart(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"app.test/oops", "//app.test", "javascript:alert(1)"} {
		cfg := authtest.Config(t, authtest.Starter+"baseURL: http://auth.test\nonAPIError: {errorURL: '"+url+"'}\n")
		if err := authtest.Start(t, cfg); err == nil {
			t.Errorf("%s is accepted", url)
		}
	}
}
