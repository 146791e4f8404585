package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// TestBadConfigurationEndsBeforeItListens is promise R22: each kind ends with
// one line that names what is wrong and the mend.
func TestBadConfigurationEndsBeforeItListens(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	taken := takenAddress(t)
	nowhere := "postgres://ada:" + hidden + "@" + authtest.FreeAddress(t) + "/sallyport"
	u, err := url.Parse(o.env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	gone := u.JoinPath("../gone").String()
	for _, c := range []struct {
		name, set string
		want      []string
	}{
		{"missing secret", "BETTER_AUTH_SECRET=", []string{"secret is not set", "BETTER_AUTH_SECRET", "`sallyport secret generate`"}},
		{"upstream's secret", "BETTER_AUTH_SECRET=better-auth-secret-12345678901234567890", []string{"public default", "`sallyport secret generate`"}},
		{"missing base URL", "BETTER_AUTH_URL=", []string{"baseURL is not set", "BETTER_AUTH_URL"}},
		{"base URL without scheme", "BETTER_AUTH_URL=auth.example.com", []string{"baseURL", "http:// or https://"}},
		{"base URL of another kind", "BETTER_AUTH_URL=ftp://auth.example.com", []string{"baseURL", "http:// or https://"}},
		{"pending migration", "DATABASE_URL=" + pgtest.URL(t), []string{"create table user", "`sallyport migrate up`"}},
		{"unreachable database", "DATABASE_URL=" + nowhere, []string{"cannot connect to the database", "DATABASE_URL", "refused"}},
		{"unknown database", "DATABASE_URL=" + gone, []string{"cannot connect to the database", "does not exist"}},
		{"no database URL", "DATABASE_URL=ada:" + hidden + "@db/sallyport", []string{"database.url", "postgres://user:password@host:5432/name"}},
		{"another database", "DATABASE_URL=mysql://ada:" + hidden + "@db/sallyport", []string{"database.url", "postgres://"}},
		{"taken port", "PORT=" + portOf(taken), []string{"server.listen", "address already in use"}},
		{"taken operators' port", "OPS_ADDR=" + taken, []string{"server.ops.listen", "address already in use"}},
		{"operators' address without port", "OPS_ADDR=localhost", []string{"server.ops.listen", "host:port"}},
		{"port out of range", "PORT=99999", []string{"PORT", "65535"}},
		{"port in words", "PORT=http", []string{"PORT"}},
		{"log level", "LOG_LEVEL=loud", []string{"LOG_LEVEL must be debug, info, warn or error"}},
		{"log format", "LOG_FORMAT=xml", []string{"LOG_FORMAT must be text or json"}},
		{"two secrets", "BETTER_AUTH_SECRET_FILE=nowhere", []string{"BETTER_AUTH_SECRET", "are both set"}},
		{"unreadable variable", "DATABASE_DIRECT_URL_FILE=nowhere", []string{"DATABASE_DIRECT_URL_FILE", "cannot be read"}},
		{"missing file", "SALLYPORT_CONFIG=nowhere.yaml", []string{"nowhere.yaml", "no such file"}},
		{"untrustable origin", "BETTER_AUTH_TRUSTED_ORIGINS=https://a\tb", []string{"trustedOrigins", "control character"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, o.with(t, "HOST=127.0.0.1", "PORT="+authtest.FreePort(t), c.set), c.want...)
		})
	}
}

// TestABadFileEndsBeforeItListens names the line at fault.
func TestABadFileEndsBeforeItListens(t *testing.T) {
	t.Parallel()
	migrated := newProducer(t)
	migrated.run("migrate", "up").exits(0)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"unknown option":   {"sesion: {}", []string{"sallyport.yaml:1:1", "did you mean session?"}},
		"no YAML":          {"a: [", []string{"sallyport.yaml:1"}},
		"wrong kind":       {"session:\n  expiresIn: soon", []string{"sallyport.yaml:2", "session.expiresIn"}},
		"not built yet":    {"user: {validateUserInfo: true}", []string{"user.validateUserInfo", "not supported yet"}},
		"never":            {"database: {dialect: mysql}", []string{"database.dialect", "always Postgres"}},
		"wrong name":       {"rateLimit: {windowMs: 5}", []string{"windowMs", "rateLimit.window"}},
		"unset variable":   {"baseURL: ${NOBODY_SET_THIS}", []string{"NOBODY_SET_THIS"}},
		"proxy":            {"advanced: {ipAddress: {trustedProxies: [nonsense]}}", []string{"advanced.ipAddress", "nonsense"}},
		"disabled path":    {"disabledPaths: [ok]", []string{"disabledPaths", `"ok" must begin with a slash`}},
		"mode":             {"server: {mode: staging}", []string{"server.mode", "development or production"}},
		"listen":           {"server: {listen: nonsense}", []string{"server.listen", "host:port"}},
		"symmetric key":    {"plugins: {jwt: {jwks: {keyPairConfig: {alg: HS256}}}}", []string{"HS256"}},
		"absolute expiry":  {"plugins: {jwt: {jwt: {expirationTime: 900}}}", []string{"expirationTime"}},
		"claim expression": {"plugins: {jwt: {jwt: {definePayload: {a: 'user.('}}}}", []string{"definePayload"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := migrated.with(t, "PORT="+authtest.FreePort(t))
			o.dir = t.TempDir()
			o.configure(c.text)
			refused(t, o, c.want...)
		})
	}
}

// refused ends the test unless serve ends with one line that has these parts.
func refused(t *testing.T, o *operator, want ...string) {
	t.Helper()
	r := o.run("serve")
	says(t, r.exits(exitFailed).complaint(), want...)
	if strings.Contains(r.stderr, "msg=listening") {
		t.Errorf("it listened before:\n%s", r.stderr)
	}
}

func TestEveryProblemHasALine(t *testing.T) {
	t.Parallel()
	o := newProducer(t).with(t, "BETTER_AUTH_SECRET=", "BETTER_AUTH_URL=")
	says(t, o.run("serve").exits(exitFailed).stderr, "sallyport: secret is not set", "sallyport: baseURL is not set")
}

func TestAWrongPasswordIsSaidWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: pgtest.Folder(t), ForTest: true, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), hidden)
	refused(t, newProducer(t).with(t, "DATABASE_URL="+u.String()), "cannot connect to the database", "password authentication failed", "DATABASE_URL")
}
