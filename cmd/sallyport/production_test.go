package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// The log of requests does not depend on how much of the rest is wanted.
func TestTheAccessLogHasNoLevel(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.configure("server: {accessLog: true}\n")
	s := o.with(t, "LOG_FORMAT=json", "LOG_LEVEL=error").serve("--migrate")
	s.ask(t, http.MethodGet, "/ok?token=secret", "", "", "")
	s.stop()
	lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
	var entry struct {
		Level, Msg, Route, Client string
		Status                    int
		Seconds                   float64
	}
	if err := json.Unmarshal([]byte(lines[0]), &entry); err != nil || len(lines) != 1 {
		t.Fatalf("the log holds %q: %v", lines, err)
	}
	if entry.Msg != "request" || entry.Level != "INFO" || entry.Route != "/ok" || entry.Status != 200 || entry.Client != "127.0.0.1" || entry.Seconds <= 0 {
		t.Errorf("it says %s", lines[0])
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestMigrateFromPlanToStatus(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	plan := o.run("migrate", "plan").exits(0)
	says(t, plan.stdout, `create table "user"`, `create table "jwks"`, `create schema "sallyport"`)
	says(t, o.run("migrate", "status").exits(exitFailed).complaint(), "are pending: run `sallyport migrate up`")
	if again := o.run("migrate", "plan").exits(0); again.stdout != plan.stdout {
		t.Errorf("plan changed something:\n%s", again.stdout)
	}
	says(t, o.run("migrate", "up").exits(0).stdout, "create table user\n", "the database is up to date\n")
	for _, command := range []string{"up", "status"} {
		if r := o.run("migrate", command).exits(0); r.stdout != "the database is up to date\n" {
			t.Errorf("migrate %s: %s", command, r.stdout)
		}
	}
	says(t, o.run("migrate", "plan").exits(0).stdout, "-- nothing to do")
}

func TestIndexesAndUninstall(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	says(t, o.run("migrate", "plan", "--indexes").exits(0).stdout, `create table "user"`, "create index concurrently")
	says(t, o.run("migrate", "up", "--indexes").exits(0).stdout, "create index sallyport_session_expiresAt_idx\n", "the database is up to date\n")
	says(t, o.run("migrate", "plan", "--indexes").exits(0).stdout, "-- nothing to do")
	says(t, o.run("migrate", "uninstall").exits(0).stdout, "drop index sallyport_session_expiresAt_idx\n", "drop schema sallyport\n", "nothing of sallyport is left")
	says(t, o.run("migrate", "status").exits(exitFailed).stdout, "pending: create schema sallyport")
}

func TestServeMigratesWhenTold(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	s := o.serve("--migrate")
	o.run("healthcheck").exits(0)
	s.stop()
	says(t, o.run("migrate", "status").exits(0).stdout, "the database is up to date")
}

func TestProductionListensEverywhereAndLimits(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	s := o.serve("--migrate")
	says(t, s.log.String(), "address=[::]:"+o.port, "baseURL=https://auth.example.com/api/auth", "mode=production")
	const page = "https://auth.example.com"
	var statuses []int
	for range 4 {
		status, _, _ := s.ask(t, http.MethodPost, "/sign-in/email", page, "", "{}")
		statuses = append(statuses, status)
	}
	if want := []int{400, 400, 400, 429}; !slices.Equal(statuses, want) {
		t.Errorf("four sign-ins: %d, want %d", statuses, want)
	}
	if status, body, _ := s.ask(t, http.MethodPost, "/sign-up/email", frontend, "a=b", "{}"); status != http.StatusForbidden {
		t.Errorf("the development front end is trusted: %d %s", status, body)
	}
	s.stop()
}

func TestTheStartSaysWhatItDoubts(t *testing.T) {
	t.Parallel()
	o := newProducer(t).with(t, "BETTER_AUTH_SECRET=short", "BETTER_AUTH_TRUSTED_ORIGINS=https://app.example.com/page", "BETTER_AUTH_TRUSTED_ORIGIN=x")
	o.configure("advanced: {ipAddress: {trustedProxies: [192.0.2.0/24]}}\n")
	s := o.serve("--migrate")
	s.stop()
	says(t, s.log.String(),
		"The secret is shorter than 32 characters", "looks easy to guess", "option=secret",
		`\"https://app.example.com/page\" matches no origin`, "option=trustedOrigins",
		"BETTER_AUTH_TRUSTED_ORIGINS",
		`proxy="x-forwarded-for counts from 192.0.2.0/24; IPv6 is cut to /64"`)
}

func TestTheLogIsJSONWhenAsked(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	s := o.with(t, "LOG_FORMAT=json", "LOG_LEVEL=debug").serve("--migrate")
	s.ask(t, http.MethodPost, "/sign-in/email", "https://auth.example.com", "", "{}")
	s.stop()
	messages := map[string]bool{}
	for line := range strings.Lines(s.log.String()) {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		messages[entry.Msg] = true
	}
	if !messages["listening"] || !messages["request refused"] {
		t.Errorf("the log holds %v", messages)
	}
	s = o.with(t, "LOG_LEVEL=error").serve()
	s.stop()
	if s.log.String() != "" {
		t.Errorf("nothing went wrong, and it said %s", s.log)
	}
}

// metrics reads those of the listener for operators.
func metrics(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOperatorsHaveAListenerOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	ops := authtest.FreeAddress(t)
	s := o.with(t, "OPS_ADDR="+ops).serve("--migrate")
	says(t, s.log.String(), "address="+ops)
	says(t, metrics(t, ops), "sallyport_build_info")
	if res, err := http.Get(s.url("/metrics")); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("the public listener has metrics: %v %v", res, err)
	}
	s.stop()
}

func TestHTTPSIsServedCheckedAndFoundHealthy(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	files := authtest.NewPair(t, "auth.example.com")
	o.configure(fmt.Sprintf("server: {timeouts: {drain: 0}, tls: {cert: '%s', key: '%s'}}\n", files.Cert, files.Key))
	o.run("migrate", "up").exits(0)
	says(t, o.run("check").exits(0).stdout, "ok       tls: the certificate ends at "+files.Leaf.NotAfter.Format(time.DateTime)+" UTC")
	says(t, o.run("healthcheck").exits(exitFailed).complaint(), "does not answer at https://127.0.0.1:"+o.port)
	s := o.begin()
	for deadline := time.Now().Add(patience); o.run("healthcheck").code != 0; {
		if time.Now().After(deadline) {
			t.Fatalf("it is not found healthy:\n%s", s.log)
		}
	}
	says(t, s.log.String(), "tls=true")
	s.stop()
	if err := os.Remove(files.Key); err != nil {
		t.Fatal(err)
	}
	says(t, o.run("check").exits(exitFailed).stdout, "error    tls: server.tls.key: open ")
	says(t, o.run("serve").exits(exitFailed).complaint(), "server.tls.key: open ", "no such file")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	r := o.run("check").exits(exitFailed)
	says(t, r.complaint(), "check found errors")
	says(t, r.stdout, "error    tables: ", "run `sallyport migrate up`")
	o.run("migrate", "up").exits(0)
	says(t, o.run("check").exits(0).stdout,
		"ok       configuration: mode production, base URL https://auth.example.com",
		"ok       secret: ", "ok       sign-up: ", "ok       proxy: x-forwarded-for counts from loopback and private addresses; IPv6 is cut to /64",
		"ok       database: ", "ok       clock: ", "ok       tables: ", "ok       indexes: ", "ok       keys: 0 stored")
	o.run("keys", "rotate").exits(0)
	other := o.with(t, "BETTER_AUTH_SECRET="+newSecretText())
	says(t, other.run("check").exits(0).stdout, "warning  keys: no configured secret opens key ")
	weak := o.with(t, "BETTER_AUTH_SECRET=short", "BETTER_AUTH_TRUSTED_ORIGINS=https://app.example.com/page")
	says(t, weak.run("check").exits(0).stdout, "warning  secret: ", "warning  trustedOrigins: ")
	says(t, o.with(t, "DATABASE_URL=postgres://ada:"+hidden+"@"+authtest.FreeAddress(t)+"/x").run("check").exits(exitFailed).stdout,
		"error    database: cannot connect to the database")
}

// What stops the start stops check too, which writes nothing meanwhile.
func TestCheckFindsWhatStopsTheStart(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	for text, want := range map[string]string{
		"plugins: {openAPI: {path: reference}}":       "error    plugins: plugins.openAPI: path must be ",
		"plugins: {jwt: {sessionCookieCache: true}}":  "error    plugins: plugins.jwt: sessionCookieCache: ",
		"plugins: {jwt: {jwt: {getSubject: user.x}}}": "error    plugins: plugins.jwt: ",
		"messaging: {templates: nowhere}":             "error    messaging: messaging.templates nowhere: ",
	} {
		o.configure(text)
		says(t, o.run("check").exits(exitFailed).stdout, want)
		says(t, o.run("serve").exits(exitFailed).complaint(), want[strings.LastIndex(want[:20], ": ")+2:])
	}
	o.configure("plugins: {jwt: {}}")
	says(t, o.run("check").exits(0).stdout, "ok       keys: 0 stored")
}

func TestCheckOfAnApp(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	trusting := o.with(t, "BETTER_AUTH_TRUSTED_ORIGINS=https://app.example.com,https://app.example.org,https://a.github.io")
	for app, want := range map[string]string{
		"https://auth.example.com":     "ok       app: one origin: ",
		"https://app.example.com":      "warning  sallyport.yaml: advanced: {crossSubDomainCookies: {enabled: true, domain: example.com}}",
		"https://app.example.org":      "error    sallyport.yaml: advanced: {defaultCookieAttributes: {sameSite: none, ",
		"https://a.github.io":          "error    cookies: calls from pages of the app do not carry ",
		"https://other.example.com":    "error    trustedOrigins: https://other.example.com is not trusted",
		"app.example.com":              `error    app: "app.example.com" is no origin`,
		"https://app.example.com/page": `error    app: "https://app.example.com/page" is more than an origin: write https://app.example.com`,
	} {
		code := 0
		if strings.HasPrefix(want, "error") {
			code = exitFailed
		}
		says(t, trusting.run("check", "--app-origin", app).exits(code).stdout, want)
	}
	plain := trusting.with(t, "BETTER_AUTH_URL=http://auth.example.com")
	says(t, plain.run("check", "--app-origin", "https://app.example.com").exits(exitFailed).stdout, "error    cookies: a page on https cannot call")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	says(t, o.run("keys", "list").exits(exitFailed).complaint(), "run `sallyport migrate up`")
	o.run("migrate", "up").exits(0)
	first := strings.TrimSpace(o.run("keys", "rotate", "--now").exits(0).stdout)
	o.hasKey(first, "signing")
	second := strings.TrimSpace(o.run("keys", "rotate").exits(0).stdout)
	o.hasKey(second, "waiting")
	if again := strings.TrimSpace(o.run("keys", "rotate").exits(0).stdout); again != second {
		t.Errorf("a second rotation made %s although %s was waiting", again, second)
	}
	if now := strings.TrimSpace(o.run("keys", "rotate", "--now").exits(0).stdout); now != second {
		t.Errorf("--now made %s although %s was waiting", now, second)
	}
	o.hasKey(second, "signing")
	o.hasKey(first, "published")
	o.run("keys", "retire", second).exits(0)
	o.hasKey(second, "published")
	says(t, o.run("keys", "retire", "nobody").exits(exitFailed).complaint(), "no signing key has that id")
	o.configure("plugins: {bearer: {}}\n")
	says(t, o.run("keys", "list").exits(exitFailed).complaint(), "the jwt plugin is not on (plugins.jwt)")
}

// hasKey ends the test unless the key is listed in that state.
func (o *operator) hasKey(id, state string) {
	o.t.Helper()
	for line := range strings.Lines(o.run("keys", "list").exits(0).stdout) {
		if columns := strings.Fields(line); columns[0] == id {
			if columns[1] != "EdDSA" || columns[2] != state {
				o.t.Errorf("key %s is listed as %q, want %s", id, columns, state)
			}
			return
		}
	}
	o.t.Errorf("key %q is not listed", id)
}
