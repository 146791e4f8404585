package server_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// secondFactors inserts users with secrets and backup codes that were encrypted.
func secondFactors(t *testing.T, s *authtest.Server, secret string, version, many int) {
	t.Helper()
	versions := []secure.Version{{Number: version, Secret: secret}}
	if version == 0 {
		versions = nil
	}
	secrets, err := secure.NewSecrets(secret, versions)
	if err != nil {
		t.Fatal(err)
	}
	for range many {
		text, err := secrets.Encrypt([]byte("a-secret-of-an-app-of-32-letters"), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s.Exec(`with u as (insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
			values (gen_random_uuid()::text, 'x', gen_random_uuid() || '@example.test', true, now(), now()) returning id)
			insert into "twoFactor" (id, secret, "backupCodes", "userId") select gen_random_uuid()::text, $1, $1, u.id from u`, text)
	}
}

// checked gives what check says of secrets and keys.
func checked(t *testing.T, s *authtest.Server, options string, environment ...string) string {
	t.Helper()
	cfg := authtest.Config(t, options, environment...)
	cfg.Database.URL = config.NewSecret(s.Database)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range server.Check(t.Context(), cfg, slog.New(slog.DiscardHandler), "") {
		if f.Subject == "secrets" || f.Subject == "keys" || strings.HasPrefix(f.Subject, "plugins") {
			out = append(out, fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.Text))
		}
	}
	return strings.Join(out, "\n")
}

// An operator learns before anybody who signs in that a secret is missing, and
// when one may go.
func TestCheckTellsWhichSecretsAreNeeded(t *testing.T) {
	t.Parallel()
	const options = "baseURL: http://auth.test\nplugins: {jwt: {}, twoFactor: {}}\n"
	s := authtest.New(t, options) // which makes a key
	secondFactors(t, s, authtest.Secret, 0, 2)
	if got := checked(t, s, options); got != "ok keys: 1 stored" {
		t.Errorf("one secret:\n%s", got)
	}
	list := func(versions ...string) string { return "BETTER_AUTH_SECRETS=" + strings.Join(versions, ",") }
	two, one := "2:the-second-secret-of-this-test-0123456789", "1:the-first-secret-of-this-test-ABCDEFGHIJK"
	const none = "BETTER_AUTH_SECRET="
	got := checked(t, s, options, list(two, one))
	want := "ok secrets: nothing that is stored for good needs version 1: it may go when the sessions that it has signed may end\n" +
		"ok secrets: the secret without a version is still needed by 1 signing key and 2 second factors\nok keys: 1 stored"
	if got != want {
		t.Errorf("listed:\n%s", got)
	}
	secondFactors(t, s, one[2:], 1, 1)
	got = checked(t, s, options, list(two), none)
	for _, want := range []string{
		"error secrets: no configured secret opens 2 second factors that the secret without a version has encrypted: put that secret back",
		"error secrets: no configured secret opens 1 second factor that version 1 has encrypted",
		"warning keys: no configured secret opens key ", " (the secret without a version): ", "`sallyport keys retire ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("taken away:\n%s\nwithout %s", got, want)
		}
	}
	s.Exec(`update "twoFactor" set secret = 'x' where id = (select id from "twoFactor" where secret not like '$%' limit 1)`)
	if got := checked(t, s, options, list(one)); !strings.Contains(got, "warning secrets: 1 of 2 second factors that were tried do not open with the secret without a version") {
		t.Errorf("damaged:\n%s", got)
	}
	s.Exec(`update "twoFactor" set "backupCodes" = replace("backupCodes", '$ba$1$', '$ba$3$')`)
	if got := checked(t, s, options, list(one)); !strings.Contains(got, "error secrets: no configured secret opens 1 second factor that version 3") {
		t.Errorf("backup codes of a secret that is gone:\n%s", got)
	}
	if got := checked(t, s, options, list(one)+"-altered"); !strings.Contains(got, "error secrets: no configured secret opens 1 second factor that version 1") {
		t.Errorf("another secret of that version:\n%s", got)
	}
}

// providerTokens gives a user an account with tokens that are stored encrypted.
func providerTokens(t *testing.T, s *authtest.Server, secret string, version int) {
	t.Helper()
	secrets, err := secure.NewSecrets("", []secure.Version{{Number: version, Secret: secret}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := secrets.Encrypt([]byte("gho_of-a-provider"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.Exec(`with u as (insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
		values (gen_random_uuid()::text, 'x', gen_random_uuid() || '@example.test', true, now(), now()) returning id)
		insert into account (id, "accountId", "providerId", "userId", "accessToken", "refreshToken", "createdAt", "updatedAt")
		select gen_random_uuid()::text, 'at', 'github', u.id, $1, $1, now(), now() from u union all
		select gen_random_uuid()::text, 'plain', 'github', u.id, 'gho_plain', null, now(), now() from u`, text)
}

func TestCheckTellsWhichSecretsStoredTokensNeed(t *testing.T) {
	t.Parallel()
	const options = "baseURL: http://auth.test\naccount: {encryptOAuthTokens: true}\n"
	s := authtest.New(t, options)
	two, one := "2:the-second-secret-of-this-test-0123456789", "1:the-first-secret-of-this-test-ABCDEFGHIJK"
	providerTokens(t, s, one[2:], 1)
	if got := checked(t, s, options, "BETTER_AUTH_SECRETS="+two+","+one, "BETTER_AUTH_SECRET="); got != "ok secrets: version 1 is still needed by 2 providers' tokens" {
		t.Errorf("listed:\n%s", got)
	}
	if got := checked(t, s, options, "BETTER_AUTH_SECRETS="+two, "BETTER_AUTH_SECRET="); !strings.HasPrefix(got, "error secrets: no configured secret opens 2 providers' tokens that version 1 has encrypted") {
		t.Errorf("taken out:\n%s", got)
	}
}
