package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/trace/otlptest"
)

// A request is one trace: what it was, its statements, and its password; and
// nothing of what the client sent.
func TestTracesOfRequests(t *testing.T) {
	t.Parallel()
	c := otlptest.New(t)
	s := authtest.New(t, mailing("sendResetPassword: true", "")+"\nrateLimit: {enabled: false}\nserver: {accessLog: true}",
		authtest.Environment("OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL), authtest.Delivering())
	client := s.Client()
	client.SignUp("ann@example.test")
	client.Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	sent{method: "GET", path: "/reset-password/a-secret-token?callbackURL=%2Fthe-callback"}.send(s)
	sent{method: "GET", path: "/a-secret-path"}.send(s)
	sent{method: "BREW", path: "/ok"}.send(s)
	ask(s, "/livez", nil)
	ask(s, "/readyz", nil)
	const parent = "4bf92f3577b34da6a3ce929d0e0e4736"
	ask(s, "/api/auth/get-session", http.Header{"Traceparent": {"00-" + parent + "-00f067aa0ba902b7-00"}, "User-Agent": {"probe/1"}, "Cookie": {"better-auth.session_token=a-secret-cookie"}})
	for end := time.Now().Add(10 * time.Second); !s.Log.Contains("cannot be delivered") && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	s.Server.Close() // sends what is left
	spans := c.Spans()
	byName := map[string]otlptest.Span{}
	byID := map[string]otlptest.Span{}
	for _, span := range spans {
		byName[span.Name], byID[span.ID] = span, span
	}
	signUp, ok := byName["POST /api/auth/sign-up/email"]
	if !ok {
		t.Fatalf("there is no span of the sign-up among %v", spans)
	}
	for name, want := range map[string]string{
		"http.request.method": "POST", "http.route": "/api/auth/sign-up/email", "url.path": "/api/auth/sign-up/email", "url.scheme": "http",
		"http.response.status_code": "200", "server.address": "127.0.0.1", "client.address": "127.0.0.1", "network.protocol.version": "1.1",
	} {
		if signUp.Attributes[name] != want {
			t.Errorf("%s of the sign-up is %q, want %q", name, signUp.Attributes[name], want)
		}
	}
	if signUp.Kind.String() != "SPAN_KIND_SERVER" || signUp.Parent != "" || signUp.Failed {
		t.Errorf("the sign-up is %+v", signUp)
	}
	for _, name := range []string{"hash a password", "INSERT user"} {
		span := byName[name]
		for span.Parent != "" && span.ID != signUp.ID {
			span = byID[span.Parent]
		}
		if span.ID != signUp.ID {
			t.Errorf("%s belongs to %+v, not to the sign-up: %+v", name, span, byName[name])
		}
	}
	if insert := byName["INSERT user"]; insert.Attributes["db.system.name"] != "postgresql" || insert.Attributes["db.operation.name"] != "INSERT" || insert.Kind.String() != "SPAN_KIND_CLIENT" {
		t.Errorf("a statement is %+v", insert)
	}
	if reset := byName["GET /api/auth/reset-password/{token}"]; reset.Attributes["url.path"] != "" || reset.Attributes["http.route"] == "" {
		t.Errorf("the reset is %+v", reset)
	}
	if joined := byName["GET /api/auth/get-session"]; joined.Trace != parent || joined.Attributes["user_agent.original"] != "probe/1" {
		t.Errorf("the joined request is %+v", joined)
	}
	if unknown := byName["GET"]; unknown.Attributes["http.response.status_code"] != "404" || unknown.Attributes["http.route"] != "" {
		t.Errorf("the unknown path is %+v", unknown)
	}
	if odd := byName["HTTP"]; odd.Attributes["http.request.method"] != "_OTHER" {
		t.Errorf("the unknown method is %+v", odd)
	}
	if mail := byName["deliver sendResetPassword"]; !mail.Failed || mail.Attributes["sallyport.message.outcome"] != "delayed" {
		t.Errorf("the delivery is %+v", mail)
	}
	for _, secret := range []string{"secret", "ann@", "callback", authtest.Password, "livez", "readyz", "river_job"} {
		if strings.Contains(c.Text(), secret) {
			t.Errorf("the collector is told %s", secret)
		}
	}
	if line := regexp.MustCompile(`(?m)^.*route=/sign-up/email.*$`).FindString(s.Log.String()); !strings.HasSuffix(line, " trace="+signUp.Trace) || !strings.Contains(line, signUp.Attributes["sallyport.request.id"]) {
		t.Errorf("the log says %s", line)
	}
}

// A fault shows in its trace, by codes alone.
func TestATraceShowsAFault(t *testing.T) {
	t.Parallel()
	c := otlptest.New(t)
	s := authtest.New(t, authtest.Starter, authtest.Environment("OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL))
	client := s.Client()
	client.SignUp("ann@example.test")
	s.Exec(`alter table "session" rename to gone`)
	client.Get("/get-session").Is(http.StatusInternalServerError)
	s.Server.Close()
	var request, statement otlptest.Span
	for _, span := range c.Spans() {
		switch {
		case span.Name == "GET /api/auth/get-session":
			request = span
		case span.Failed:
			statement = span
		}
	}
	if !request.Failed || request.Attributes["error.type"] != "500" {
		t.Errorf("the request is %+v", request)
	}
	if statement.Parent != request.ID || statement.Attributes["db.response.status_code"] != "42P01" {
		t.Errorf("the statement is %+v", statement)
	}
}

func TestACollectorThatIsNoURLEndsTheStart(t *testing.T) {
	t.Parallel()
	cfg := authtest.Config(t, "", "OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318")
	if err := cfg.Traces.Check(); err == nil || !strings.Contains(err.Error(), "OTEL_EXPORTER_OTLP_ENDPOINT must be a URL") {
		t.Error(err)
	}
	if err := authtest.Start(t, authtest.Config(t, authtest.Starter+"baseURL: http://a.test", "OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318")); err == nil {
		t.Error("the server starts")
	}
}
