package carry_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
)

func TestWhatIsNotPrintedByTheScriptIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "is empty",
		" \n":                                  "is empty",
		"export const auth = 1":                "is not JSON: byte 1",
		`{"sallyport":1,"options":{"a":`:       "is not JSON: it ends in the middle",
		`{"sallyport":1,"options":{}} {}`:      "is not JSON: something follows its end",
		`{"sallyport":1,"options":{"a":nope}}`: "is not JSON: byte",
		"[]":                                   "it holds a list, not an object",
		`"text"`:                               "it holds a text, not an object",
		`{"emailAndPassword":{}}`:              "is not what docs/migrate/print-options.mjs prints",
		`{"sallyport":1,"options":[]}`:         "is not what docs/migrate/print-options.mjs prints",
		`{"sallyport":2,"options":{}}`:         "was printed in form 2 and this version reads form 1",
		"\xff\xfe":                             "is not UTF-8 text",
		strings.Repeat("[", 1<<20):             "is nested deeper than 64 levels",
		strings.Repeat(" ", carry.MaxText+1):   "is larger than 4 MiB",
		app(`{"appName":"` + strings.Repeat("x", 300<<10) + `"}`): "makes a file that cannot be read: is larger than 256 KiB",
	} {
		_, err := carry.From([]byte(text), carry.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// Marks and plugins may be anything in a file that somebody has edited.
func TestOddFilesAreNoFault(t *testing.T) {
	t.Parallel()
	for _, options := range []string{
		`{"plugins":{"jwt":{}}}`, `{"plugins":[null,1,{"id":2},{"id":"jwt","options":[]},{"id":"jwt"}]}`, `{"plugins":"jwt"}`,
		`{"database":1}`, `{"database":{"kind":1,"url":2,"tables":3}}`, `{"database":{"kind":"postgres","tables":{"user":{"name":1,"columns":[]}}}}`,
		`{"secret":{"$env":1}}`, `{"secret":{"$env":{"a":"b"}}}`, `{"appName":{"$env":"not a name"}}`, `{"appName":{"$instance":[]}}`, `{"appName":{"$error":{}}}`,
		`{"appName":{"$nonsense":1}}`, `{"user":[]}`, `{"user":{"additionalFields":{"a":1,"":{"type":"string"}}}}`, `{"appName":"a\u0000b"}`,
		`{"advanced":{"database":{"generateId":{"$function":"f","gives":{"a":1}}}}}`, `{"session":{"expiresIn":1e400}}`, `{"appName":"${"}`,
		`{"trustedOrigins":[null,{"$function":"f"},"https://a.test",["x"]]}`, `{"appName":"a","appName":"b"}`, `{"a b\n":{"c":1}}`,
		`{"plugins":[{"id":"admin","options":{"roles":[{}],"ac":{"statements":1}}}]}`, `{"secrets":[{"version":1,"value":"x"},{"version":1,"value":"y"}]}`,
	} {
		result, err := carry.From([]byte(app(options)), carry.Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v", options, err)
			}
			continue
		}
		var set []string
		for _, v := range result.Variables {
			set = append(set, v.Name+"=x")
		}
		starts(t, result.YAML, set...)
	}
}

func TestWhatTheServerRefusesIsLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ options, name, why string }{
		{`{"session":{"storeSessionInDatabase":false}}`, "session.storeSessionInDatabase", "cannot be false"},
		{`{"session":{"expiresIn":86400.5,"updateAge":1}}`, "session.expiresIn", "must be a number of seconds"},
		{`{"disabledPaths":["ok"]}`, "disabledPaths", `"ok" must begin with a slash`},
		{`{"trustedOrigins":["https://app\u0001.example.com"]}`, "trustedOrigins", "holds a control character"},
		{`{"baseURL":{"allowedHosts":["a.example.com"]}}`, "baseURL", "allowedHosts is not supported yet"},
		{`{"advanced":{"database":{"generateId":false}}}`, "advanced.database.generateId", "must not be false"},
		{`{"plugins":[{"id":"jwt","options":{"jwt":{"expirationTime":900}}}]}`, "plugins.jwt.jwt.expirationTime", "must not be a number"},
		{`{"plugins":[{"id":"jwt","options":{"jwt":{"getSubject":"user.shoe"}}}]}`, "plugins.jwt.jwt.getSubject", "shoe"},
		{`{"plugins":[{"id":"jwt","options":{"jwks":{"keyPairConfig":{"alg":"ES256","crv":"P-256"}}}}]}`, "plugins.jwt.jwks.keyPairConfig.crv", "only EdDSA leaves open"},
		{`{"plugins":[{"id":"jwt","options":{}},{"id":"jwt","options":{}}]}`, "plugins.jwt", "is given twice"},
		{`{"plugins":[{"id":"jwt"}]}`, "plugins.jwt", "does not show its options"},
		{`{"database":{"$instance":"Database","kind":"sqlite"}}`, "database", "is sqlite; this server runs on Postgres alone"},
		{`{"database":{"$instance":"prisma adapter","kind":"postgres"}}`, "database", "@map and @@map"},
		{`{"rateLimit":{"modelName":"hits"}}`, "rateLimit.modelName", "set storage to database"},
		{`{"user":{"fields":{"shoe":"x"}}}`, "user.fields.shoe", "is no field of a user"},
		{`{"plugins":[{"id":"username","options":{"usernameValidator":{"$function":"f","tests":"(?<=a)b","flags":""}}}]}`, "plugins.username.usernameValidator", "is no regular expression that this server knows"},
	} {
		result := carried(t, app(c.options), carry.Options{})
		says(t, why(t, result, c.name), c.why)
		if len(result.Lost) != 1 {
			t.Errorf("%s: lost %q", c.options, lostNames(result))
		}
		starts(t, result.YAML)
	}
}

func TestTextsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a ${NAME} b", "$${x}", "true", "No", "~", "12", "a: b", "#x", "- a", " a ", "é\u2028", `"quoted" 'too'`, "a\nb\tc", "https://a.test/?x=1&y", "@x", "{}", "1e3", "0x10", "2020-01-01", "null", "&a", "*a", "!a", "|", "> a", "%a", "`a`", "a #b",
	} {
		options := `{"appName":` + quote(t, name) + `}`
		result := carried(t, app(options), carry.Options{})
		if got := starts(t, result.YAML).AppName; got != name || len(result.Lost) > 0 {
			t.Errorf("%q became %q, %v", name, got, result.Lost)
		}
	}
}

func TestOptionsAreInTheOrderOfTheReference(t *testing.T) {
	t.Parallel()
	result := carried(t, app(`{"rateLimit":{"max":5,"window":7},"session":{"freshAge":1,"expiresIn":2},"appName":"x",
		"plugins":[{"id":"username","options":{}},{"id":"bearer","options":{}},{"id":"jwt","options":{}}],
		"user":{"additionalFields":{"z":{"required":false,"type":"string"},"a":{"type":"number"}}}}`), carry.Options{})
	want := `
appName: x
user:
  additionalFields:
    z:
      type: string
      required: false
    a:
      type: number
session:
  expiresIn: 2
  freshAge: 1
rateLimit:
  window: 7
  max: 5
plugins:
  username: {}
  bearer: {}
  jwt: {}
`
	says(t, result.YAML, want)
}

func TestTablesOfAPluralAdapter(t *testing.T) {
	t.Parallel()
	result := carried(t, app(`{"database":{"$instance":"kysely adapter","kind":"postgres","usePlural":true},"user":{"modelName":"person"}}`), carry.Options{})
	cfg := starts(t, result.YAML)
	if cfg.User.ModelName != "persons" || cfg.Session.ModelName != "sessions" || cfg.Verification.ModelName != "verifications" {
		t.Errorf("the tables are %s, %s and %s", cfg.User.ModelName, cfg.Session.ModelName, cfg.Verification.ModelName)
	}
}
