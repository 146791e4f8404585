package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// Old rows go and younger ones stay, as long as server.audit.retention says.
func TestTheAuditLogIsKeptForItsRetention(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		config string
		left   []string
	}{
		{"", []string{"days"}},
		{"retention: 2d", nil},
		{"retention: 3650d", []string{"years", "days"}},
		{"enabled: false", []string{"days"}},
	} {
		t.Run(tt.config, func(t *testing.T) {
			t.Parallel()
			p := run(t, withAudit(tt.config), authtest.Sweeping(sweep.Pace{Interval: 20 * time.Millisecond}))
			for event, age := range map[string]time.Duration{"years": 91 * 24 * time.Hour, "days": 3 * 24 * time.Hour} {
				p.Exec(`insert into sallyport.audit (id, at, event, outcome, via, details) values ($1, now(), $2, 'success', 'http', '{}')`,
					secure.FirstTimeUUID(p.Clock.Now().Add(-age)), event)
			}
			// What ends in every round after the log shows that a round is over.
			for range 2 {
				p.Exec(`insert into sallyport.message (id, sealed, created_at) values ('m', '', '2000-01-01')`)
				for p.Count("select count(*) from sallyport.message") > 0 {
					time.Sleep(time.Millisecond)
				}
			}
			var left []string
			for _, e := range p.Events() {
				if e.Via == "http" {
					left = append(left, e.Event)
				}
			}
			if strings.Join(left, " ") != strings.Join(tt.left, " ") {
				t.Errorf("left are %q, want %q", left, tt.left)
			}
		})
	}
}

// Events are counted when they are committed, whether the log is on or not.
func TestEventsAreCounted(t *testing.T) {
	t.Parallel()
	for _, config := range []string{"", "enabled: false"} {
		p := run(t, withAudit(config))
		c := p.Client()
		c.SignUp("ann@example.test")
		for _, password := range []string{"wrong password", authtest.Password} {
			p.Client().Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": password})
		}
		p.Client().Post("/sign-up/email", map[string]any{"name": "A", "email": "ann@example.test", "password": authtest.Password}).Is(http.StatusUnprocessableEntity)
		c.Post("/sign-out", "{}").Is(http.StatusOK)
		c.Post("/sign-out", "{}").Is(http.StatusOK)
		metrics := p.metrics(t)
		for _, line := range []string{
			`sallyport_auth_events_total{event="sign-up",outcome="success"} 1`,
			`sallyport_auth_events_total{event="sign-in",outcome="success"} 1`,
			`sallyport_auth_events_total{event="sign-in",outcome="failure"} 1`,
			`sallyport_auth_events_total{event="sign-out",outcome="success"} 1`,
		} {
			if !strings.Contains(metrics, line+"\n") {
				t.Errorf("%s: no line %s", config, line)
			}
		}
	}
}

// withAudit is a server that listens, with options of the audit log.
func withAudit(options string) string {
	return strings.Replace(listening, "server: {", "server: {audit: {"+options+"}, ", 1)
}

func auditRows(s *authtest.Server) string {
	signUp(s, nil)
	events := s.Events()
	if len(events) == 0 {
		return "none"
	}
	return events[len(events)-1].Event
}
