package carry_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
)

func TestTheLeastAppIsCarried(t *testing.T) {
	t.Parallel()
	result := carried(t, printed(t, nil, "testdata/minimal.mjs"), carry.Options{})
	says(t, result.YAML, "\nemailAndPassword:\n  enabled: true\n")
	// What is the default is left out.
	if strings.Contains(result.YAML, "minPasswordLength") || len(result.Lost) > 0 {
		t.Errorf("%v\n%s", lostNames(result), result.YAML)
	}
	if want := []carry.Variable{{"BETTER_AUTH_SECRET", "secret"}, {"BETTER_AUTH_URL", "baseURL"}, {"DATABASE_URL", "database.url"}}; len(result.Variables) != 3 || result.Variables[0] != want[0] || result.Variables[1] != want[1] || result.Variables[2] != want[2] {
		t.Errorf("to be set are %v", result.Variables)
	}
	if cfg := starts(t, result.YAML); !cfg.EmailAndPassword.Enabled {
		t.Error("passwords are off")
	}
}

// environment is what the app of secrets.mjs has.
var environment = []string{
	"AUTH_KEY=key-from-the-environment-0123456789-AB", "POSTGRES_URL=postgres://ann:pg-password@db.example.com/auth",
	"GITHUB_SECRET=github-secret-from-the-environment", "PUBLIC_ADDRESS=https://auth.example.com",
}

func TestSecretsStayBehind(t *testing.T) {
	t.Parallel()
	text := printed(t, environment, "--export", "login", "testdata/secrets.mjs")
	result := carried(t, text, carry.Options{})
	for _, secret := range []string{"key-from", "written-out-secret", "pg-password", "github-secret-from", "written-out-google", "written-out-captcha"} {
		if strings.Contains(text, secret) || strings.Contains(result.YAML, secret) {
			t.Errorf("%s was printed", secret)
		}
	}
	says(t, result.YAML,
		"baseURL: ${PUBLIC_ADDRESS}", "secret: ${AUTH_KEY}", "value: ${AUTH_KEY}", "value: ${SECRETS_1_VALUE}", "url: ${POSTGRES_URL}",
		" clientSecret: ${GITHUB_SECRET}", " clientSecret: ${GOOGLE_CLIENT_SECRET}", "secretKey: ${CAPTCHA_SECRET_KEY}",
		"clientId: written-out-id", "password: pass_word",
	)
	cfg := starts(t, result.YAML, append(environment, "SECRETS_1_VALUE=x", "GOOGLE_CLIENT_SECRET=x")...)
	if cfg.Database.URL.Reveal() != "postgres://127.0.0.1/auth" || cfg.BaseURL != "https://auth.example.com" {
		t.Errorf("the database is %s, the address %s", cfg.Database.URL.Reveal(), cfg.BaseURL)
	}
}

func TestSecretsAreWrittenWhenAskedFor(t *testing.T) {
	t.Parallel()
	text := printed(t, environment, "--export", "login", "--with-secrets", "testdata/secrets.mjs")
	says(t, text, "key-from-the-environment", "pg-password", "written-out-google-secret")
	hidden := carried(t, text, carry.Options{}).YAML
	if regexp.MustCompile(`key-from|written-out-(secret|google|captcha)|pg-password`).MatchString(hidden) {
		t.Errorf("the file has secrets without being asked to:\n%s", hidden)
	}
	says(t, carried(t, text, carry.Options{WithSecrets: true}).YAML,
		"\nsecret: key-from-the-environment-0123456789-AB\n", "written-out-secret-of-the-app", "url: \"postgres://ann:pg-password@db.example.com/auth\"")
}

func TestTablesAreCalledAsTheAdapterCallsThem(t *testing.T) {
	t.Parallel()
	result := carried(t, printed(t, nil, "testdata/drizzle.mjs"), carry.Options{})
	cfg := starts(t, result.YAML)
	for what, names := range map[string][2]string{
		"users":          {cfg.User.ModelName, "people"},
		"email":          {cfg.User.Fields["email"], "email_address"},
		"emailVerified":  {cfg.User.Fields["emailVerified"], "email_verified"},
		"name":           {cfg.User.Fields["name"], ""},
		"nick":           {cfg.User.AdditionalFields[0].Value.FieldName, "nick_name"},
		"role":           {cfg.Plugins.Admin.Schema.User.Fields["role"], "user_role"},
		"banned":         {cfg.Plugins.Admin.Schema.User.Fields["banned"], ""},
		"impersonatedBy": {cfg.Plugins.Admin.Schema.Session.Fields["impersonatedBy"], "impersonated_by"},
		"keys":           {cfg.Plugins.JWT.Schema.JWKS.ModelName, "keys"},
		"publicKey":      {cfg.Plugins.JWT.Schema.JWKS.Fields["publicKey"], "public_key"},
		"sessions":       {cfg.Session.ModelName, "sessions"},
		"accounts":       {cfg.Account.ModelName, ""},
		"schema":         {cfg.Database.SchemaName, "app"},
	} {
		if names[0] != names[1] {
			t.Errorf("%s: %q, want %q", what, names[0], names[1])
		}
	}
	if names := lostNames(result); len(names) != 1 || names[0] != "plugins.organization" {
		t.Errorf("lost %q", names)
	}
}

func TestFunctionsWithAFormAreCarried(t *testing.T) {
	t.Parallel()
	result := carried(t, printed(t, nil, "--export", "readable", "testdata/everything.mjs"), carry.Options{})
	if len(result.Lost) > 0 {
		t.Errorf("lost %q", lostNames(result))
	}
	cfg := starts(t, result.YAML, slices.Collect(func(yield func(string) bool) {
		for _, v := range result.Variables {
			if strings.HasSuffix(v.Name, "CLIENT_SECRET") && !yield(v.Name+"=x") {
				return
			}
		}
	})...)
	if got := fmt.Sprint(cfg.Social.SocialProviders[0].Value.MapProfileToUser); got != "map[name:login nick:plan.name]" {
		t.Errorf("the fields of a profile are %s", got)
	}
	var providers []string
	for _, p := range cfg.Plugins.GenericOAuth.Config {
		providers = append(providers, p.Preset+" "+p.ProviderID+" "+p.TenantID+" "+p.AccountSubject+" "+fmt.Sprint(p.MapProfileToUser))
	}
	if got := strings.Join(providers, "\n"); got != readableProviders {
		t.Errorf("the providers are\n%s", got)
	}
	u, j := cfg.Plugins.Username, cfg.Plugins.JWT.JWT
	for what, forms := range map[string][2]string{
		"ids": {string(cfg.Advanced.Database.GenerateID.Type), "uuid"}, "subject": {j.GetSubject, "user.email"},
		"validator": {string(u.UsernameValidator), `(?i)^[a-z${}/\d]+$`}, "display": {string(u.DisplayUsernameValidator), `^\p{L}+$`},
		"normal": {u.UsernameNormalization.Form, "trim"}, "display's": {u.DisplayUsernameNormalization.Form, "lowercase"},
	} {
		if forms[0] != forms[1] {
			t.Errorf("%s: %q, want %q", what, forms[0], forms[1])
		}
	}
	var claims []string
	for _, c := range j.DefinePayload {
		claims = append(claims, c.Name+"="+c.Value)
	}
	if got := strings.Join(claims, " "); got != "id=user.id mail=user.email since=session.createdAt" {
		t.Errorf("the claims are %s", got)
	}
}

// readableProviders are those of everything.mjs that need no function here: preset, id, tenant, subject, fields.
const readableProviders = ` one  sub map[nick:info.nick]
 two  user.id map[]
 three  uid map[]
microsoftEntraId  11111111-2222-3333-4444-555555555555  map[]
slack workspace   map[]`

func TestTheScriptExplainsWhatIsMissing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := write("other.mjs", "export const login = {}, handler = 1")
	for _, c := range []struct {
		arguments []string
		want      string
	}{
		{nil, "print-options: usage: print-options.mjs"},
		{[]string{"no-such.mjs"}, "print-options: Cannot find module"},
		{[]string{other}, "no auth instance is exported as auth or default: the module exports handler, login; name one with --export\n"},
		{[]string{"--export", "login", other}, "no auth instance is exported as login"},
		{[]string{"--exprot", "login", other}, "print-options: Unknown option '--exprot'"},
		{[]string{write("broken.mjs", "throw new Error('no DATABASE_URL')")}, "print-options: no DATABASE_URL\n"},
	} {
		out, complaints, err := node(t, nil, c.arguments...)
		if err == nil || out != "" {
			t.Errorf("%q printed %q: %v", c.arguments, out, err)
		}
		says(t, complaints, c.want)
	}
}
