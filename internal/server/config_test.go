package server

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/clientip"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// parse reads a configuration that must be right.
func parse(t *testing.T, text string, environment ...string) *Config {
	t.Helper()
	cfg, err := ParseConfig(text, environment)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Every kind of bad configuration ends in one line that says where and what.
func TestBadConfigurations(t *testing.T) {
	for text, want := range map[string]string{
		"session: {expiresin: 5}":                                                    "1:11: session.expiresin is not an option; did you mean session.expiresIn?",
		"emailAndPasswords: {enabled: true}":                                         "1:1: emailAndPasswords is not an option; did you mean emailAndPassword?",
		"cookieCache: {enabled: true}":                                               "1:1: cookieCache is not an option; did you mean session.cookieCache?",
		"plugins: {twofactor: {}}":                                                   "1:11: plugins.twofactor is not an option; did you mean plugins.twoFactor?",
		"plugins: {twoFactor: {gate: none}}":                                         "1:29: plugins.twoFactor.gate must be all or password",
		"plugins: {twoFactor: {schema: {user: {fields: {email: x}}}}}":               `1:38: plugins.twoFactor.schema.user names a column for "email", which is none of its fields: twoFactorEnabled`,
		"plugins: {twoFactor: {schema: {twoFactor: {fields: {secret: ''}}}}}":        `1:43: plugins.twoFactor.schema.twoFactor gives secret a column without a name; name one, or leave secret out`,
		"plugins: {phoneNumber: {}}":                                                 "1:11: plugins.phoneNumber is not supported yet",
		"plugins: [jwt]":                                                             "1:10: plugins must be an object, keys with values",
		"plugins: {jwt: true}":                                                       "1:16: plugins.jwt must be an object, keys with values",
		"plugins: {jwt: {algorithm: RS256}}":                                         "1:17: plugins.jwt.algorithm is not an option; use plugins.jwt.jwks.keyPairConfig.alg",
		"plugins: {jwt: {expiresIn: 1h}}":                                            "1:17: plugins.jwt.expiresIn is not an option; use plugins.jwt.jwt.expirationTime",
		"plugins: {jwt: {jwt: {expiresIn: 1h}}}":                                     "1:23: plugins.jwt.jwt.expiresIn is not an option; use plugins.jwt.jwt.expirationTime",
		"plugins: {jwt: {jwt: {expirationTime: 3600}}}":                              `1:39: plugins.jwt.jwt.expirationTime must not be a number: Better Auth reads a number as an absolute date; write a span such as "15m"`,
		"plugins: {jwt: {jwt: {sign: x}}}":                                           "1:23: plugins.jwt.jwt.sign cannot be honoured here; leave it out, tokens are signed with the server's own keys",
		"plugins: {jwt: {jwks: {keyPairConfig: {alg: HS256}}}}":                      "1:45: plugins.jwt.jwks.keyPairConfig.alg must not be HS256: whoever can verify with a shared key can sign too, and a key set would publish it; use EdDSA, ES256, ES512, RS256 or PS256",
		"plugins: {jwt: {jwks: {keyPairConfig: {alg: ES384}}}}":                      "1:45: plugins.jwt.jwks.keyPairConfig.alg must be EdDSA, ES256, ES512, RS256 or PS256",
		"plugins: {jwt: {jwks: {keyPairConfig: {alg: ES256, crv: Ed25519}}}}":        "1:39: plugins.jwt.jwks.keyPairConfig has a crv, which only EdDSA leaves open; take it out",
		"plugins: {jwt: {jwks: {keyPairConfig: {modulusLength: 2048}}}}":             "1:39: plugins.jwt.jwks.keyPairConfig has a modulusLength, which only keys for RS256 and PS256 have; take it out",
		"plugins: {jwt: {jwks: {keyPairConfig: {alg: RS256, modulusLength: 1024}}}}": "1:67: plugins.jwt.jwks.keyPairConfig.modulusLength must be at least 2048",
		"session: {cookieCache: {strategy: jws}}":                                    "1:35: session.cookieCache.strategy must be compact, jwt or jwe",
		"session: {cookieCache: {refreshCache: true}}":                               "1:25: session.cookieCache.refreshCache cannot be honoured here; leave it out, sessions are in the database and the cookie is renewed from it",
		"rateLimit: {windowMs: 1000}":                                                "1:13: rateLimit.windowMs is not an option; use rateLimit.window, in seconds",
		"rateLimit: {storage: redis}":                                                "1:22: rateLimit.storage must be memory, database or secondary-storage",
		"rateLimit: {window: 2y}":                                                    `1:21: rateLimit.window must be a number of seconds, or a number and a unit such as "15m" or "7d"`,
		"rateLimit: {window: -1}":                                                    "1:21: rateLimit.window must be at least 0 s",
		"rateLimit: {window: 400d}":                                                  "1:21: rateLimit.window must be at most 31536000 s",
		"rateLimit: {max: -1}":                                                       "1:18: rateLimit.max must be at least 0",
		"rateLimit: {max: 2147483648}":                                               "1:18: rateLimit.max must be at most 2147483647",
		"rateLimit: {modelName: x}":                                                  "1:12: rateLimit names the table or columns of counters that are not kept in one; set storage to database, or leave modelName and fields out",
		"rateLimit: {fields: {key: x}}":                                              "1:12: rateLimit names the table or columns of counters that are not kept in one; set storage to database, or leave modelName and fields out",
		"rateLimit: {storage: database, fields: {ip: x}}":                            `1:40: rateLimit.fields names a column for "ip", which is none of its fields: key, count, lastRequest`,
		"rateLimit: {storage: database, fields: {key: ''}}":                          "1:40: rateLimit.fields gives key a column without a name; name one, or leave key out",
		"rateLimit: {customStorage: x}":                                              "1:13: rateLimit.customStorage cannot be honoured here; set storage to where counters are to be kept",
		"rateLimit: {customRules: []}":                                               "1:26: rateLimit.customRules must be an object, keys with values",
		"rateLimit: {customRules: {/a: true}}":                                       "1:31: rateLimit.customRules./a must be an object, keys with values, or false",
		"rateLimit: {customRules: {/a: 5}}":                                          "1:31: rateLimit.customRules./a must be an object, keys with values, or false",
		"rateLimit:\n  customRules:\n    /a:":                                        "3:5: rateLimit.customRules./a has no value; give it one or take the key out",
		"rateLimit: {customRules: {/a: {max: 1}}}":                                   "1:31: rateLimit.customRules./a.window is missing",
		"rateLimit: {customRules: {/a: {window: 1}}}":                                "1:31: rateLimit.customRules./a.max is missing",
		"rateLimit: {customRules: {/a: {window: 0, max: 1}}}":                        "1:40: rateLimit.customRules./a.window must be at least 1 s",
		"rateLimit: {customRules: {/a: {window: 1, max: 0}}}":                        "1:48: rateLimit.customRules./a.max must be at least 1",
		"rateLimit: {customRules: {/a: {window: 1, max: '5'}}}":                      "1:48: rateLimit.customRules./a.max must be a whole number",
		"rateLimit: {customRules: {/a: {window: 99999999999999999999, max: 1}}}":     `1:40: rateLimit.customRules./a.window must be a number of seconds, or a number and a unit such as "15m" or "7d"`,
		"rateLimit: {customRules: {/a: {window: 1, max: 1, by: session}}}":           "1:55: rateLimit.customRules./a.by must be ip, user or ip+user",
		"rateLimit: {customRules: {/a: {window: 1, max: 1, per: user}}}":             "1:51: rateLimit.customRules./a.per is not an option",
		"rateLimit: {customRules: {/a: {windowMs: 1, window: 1, max: 1}}}":           "1:32: rateLimit.customRules./a.windowMs is not an option; use rateLimit.window, in seconds",
		"rateLimit: {customRules: {a: false}}":                                       "1:27: rateLimit.customRules.a matches no path: begin it with a slash",
		"rateLimit: {customRules: {/a/: false}}":                                     "1:27: rateLimit.customRules./a/ matches no path: leave out the slash at its end",
		"rateLimit: {customRules: {/a/*/: false}}":                                   "1:27: rateLimit.customRules./a/*/ matches no path: leave out the slash at its end",
		"rateLimit: {customRules: {/a?b: false}}":                                    "1:27: rateLimit.customRules./a?b matches no path: a query is never part of one",
		"rateLimit: {customRules: {/a: false, /a: false}}":                           "1:38: rateLimit.customRules./a is given twice, first in line 1",
		"advanced: {trustKey: x}":                                                    "1:12: advanced.trustKey is not an option; use advanced.ipAddress.trustedProxies",
		"baseURL: {allowedHosts: [a.test]}":                                          "1:10: baseURL as an object with allowedHosts is not supported yet; give it as a text",
		"secrets: []":                                                                "1:10: secrets must hold at least one secret",
		"secrets: [{version: 1, value: a}, {version: 1, value: b}]":                  "1:10: secrets has version 1 twice",
		"secrets: [{version: -1, value: a}]":                                         "1:21: secrets[0].version must be at least 0",
		"secrets: [{value: a}]":                                                      "1:11: secrets[0].version is missing",
		"advanced: {disableOriginCheck: 1}":                                          "1:32: advanced.disableOriginCheck must be true, false or a list of paths",
		"advanced: {ipAddress: {ipv6Subnet: 129}}":                                   "1:36: advanced.ipAddress.ipv6Subnet must be at most 128",
		"logger: {level: verbose}":                                                   "1:17: logger.level must be debug, info, warn or error",
		"logger: {disabled: true}":                                                   "1:10: logger.disabled cannot be honoured here; set logger.level to error",
		"database: {dialect: mysql}":                                                 "1:12: database.dialect cannot be honoured here; leave it out, the database is always Postgres",
		"server: {mode: test}":                                                       "1:16: server.mode must be development or production",
		"server: {audit: {retention: 0}}":                                            "1:29: server.audit.retention must be at least 86400 s",
		"server: {timeouts: {read: 0}}":                                              "1:27: server.timeouts.read must be at least 1 s",
		"socialProviders: {githib: {clientId: x}}":                                   "1:19: socialProviders.githib is no provider that is built in; did you mean github?",
		"socialProviders: {acme-id: {clientId: x}}":                                  "1:19: socialProviders.acme-id is no provider that is built in; others are set up by plugins.genericOAuth",
		"socialProviders: {github: {clientId: x, getUserInfo: y}}":                   "1:41: socialProviders.github.getUserInfo cannot be honoured here; map fields by mapProfileToUser",
		"server: {outbound: {allow: [intranet]}}":                                    "1:28: server.outbound.allow must be a list of addresses and CIDR ranges, such as 10.0.0.0/8",
		"user: {validateUserInfo: true}":                                             "1:8: user.validateUserInfo is not supported yet",
		"messaging: {sendgrid: x}":                                                   "1:13: messaging.sendgrid is not an option",
		"secret: ${NO_SUCH_VARIABLE}":                                                "1:9: secret needs the variable NO_SUCH_VARIABLE, which is not set; set it or write ${NO_SUCH_VARIABLE:-default}",
	} {
		if _, err := ParseConfig(text, nil); err == nil || err.Error() != "sallyport.yaml:"+want {
			t.Errorf("%s\n got %v\nwant sallyport.yaml:%s", text, err, want)
		}
	}
}

func TestBadVariables(t *testing.T) {
	for environment, want := range map[string]string{
		"BETTER_AUTH_SECRETS=abc":        "BETTER_AUTH_SECRETS entry 1 must be version:secret with a version of 0 or more",
		"BETTER_AUTH_SECRETS=1:a,x:b":    "BETTER_AUTH_SECRETS entry 2 must be version:secret with a version of 0 or more",
		"BETTER_AUTH_SECRETS=1:a, 2:":    "BETTER_AUTH_SECRETS version 2 has no secret",
		"BETTER_AUTH_SECRETS=1:a,1:b":    "BETTER_AUTH_SECRETS has version 1 twice",
		"PORT=http":                      "PORT must be a whole number",
		"PORT=70000":                     "PORT must be at most 65535",
		"LOG_LEVEL=loud":                 "LOG_LEVEL must be debug, info, warn or error",
		"LOG_FORMAT=xml":                 "LOG_FORMAT must be text or json",
		"DATABASE_URL_FILE=/no/such/one": "DATABASE_URL_FILE names a file that cannot be read: no such file or directory",
	} {
		if _, err := ParseConfig("", []string{environment}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", environment, err)
		}
	}
}

func TestEnvironmentOfAServer(t *testing.T) {
	cfg := parse(t, "trustedOrigins: [https://a.test]\nsecret: file\nbaseURL: https://file.test",
		"BETTER_AUTH_SECRET=env", "BETTER_AUTH_SECRETS=2:new, 1:old", "BASE_URL=https://env.test",
		"BETTER_AUTH_TRUSTED_ORIGINS=https://b.test, https://c.test", "DATABASE_URL=postgres://a", "DATABASE_DIRECT_URL=postgres://b",
		"LOG_LEVEL=debug", "LOG_FORMAT=json", "OPS_ADDR=:9090", "SALLYPORT_DATA=/data", "SALLYPORT_CONFIG=x.yaml")
	got := []string{
		cfg.Secret.Reveal(), cfg.Secrets[0].Value.Reveal(), cfg.Secrets[1].Value.Reveal(), cfg.BaseURL, strings.Join(cfg.TrustedOrigins, " "),
		cfg.Database.URL.Reveal(), cfg.Database.DirectURL.Reveal(), cfg.Logger.Level, cfg.LogFormat, cfg.Server.Ops.Listen, cfg.DataDir, cfg.ConfigFile,
	}
	want := []string{
		"env", "new", "old", "https://env.test", "https://a.test https://b.test https://c.test",
		"postgres://a", "postgres://b", "debug", "json", ":9090", "/data", "x.yaml",
	}
	if !reflect.DeepEqual(got, want) || *cfg.Secrets[0].Version != 2 {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestBaseURLVariablesInTheirOrder(t *testing.T) {
	names := []string{
		"BETTER_AUTH_URL", "NEXT_PUBLIC_BETTER_AUTH_URL", "PUBLIC_BETTER_AUTH_URL",
		"NUXT_PUBLIC_BETTER_AUTH_URL", "NUXT_PUBLIC_AUTH_URL", "BASE_URL",
	}
	var environment []string
	for i := len(names) - 1; i >= 0; i-- {
		environment = append(environment, names[i]+"=https://"+strings.ToLower(names[i]))
		if cfg := parse(t, "", environment...); cfg.BaseURL != "https://"+strings.ToLower(names[i]) {
			t.Errorf("%s does not count before the later ones: %s", names[i], cfg.BaseURL)
		}
	}
	if cfg := parse(t, "baseURL: https://file.test", "BASE_URL=/"); cfg.BaseURL != "https://file.test" {
		t.Errorf("BASE_URL=/ counts: %s", cfg.BaseURL)
	}
}

func TestVariablesThatAreWarnedOf(t *testing.T) {
	_, warnings, err := load(config.Source{Environment: []string{"OTEL_EXPORTER_OTLP_ENDPOINT=http://x", "OTEL_METRICS_EXPORTER=x", "BETTER_AUTH_TRUSTED_ORIGIN=x", "BETTER_AUTH_TELEMETRY=0"}})
	want := []string{
		"BETTER_AUTH_TRUSTED_ORIGIN is not a variable that this server reads; did you mean BETTER_AUTH_TRUSTED_ORIGINS?",
		"OTEL_METRICS_EXPORTER is not a variable that this server reads; it has no effect",
	}
	if err != nil || !reflect.DeepEqual(warnings, want) {
		t.Errorf("got %q, %v", warnings, err)
	}
}

func TestListenAddress(t *testing.T) {
	for _, c := range []struct {
		text, environment string
		mode              Mode
		want              string
	}{
		{"", "", Development, "127.0.0.1:8080"},
		{"", "", Production, ":8080"},
		{"", "PORT=9000", Production, ":9000"},
		{"", "HOST=::1", Development, "[::1]:8080"},
		{"server: {listen: '10.0.0.1:7000'}", "", Development, "10.0.0.1:7000"},
		{"server: {listen: '10.0.0.1:7000'}", "PORT=9000", Development, "10.0.0.1:9000"},
		{"server: {listen: '10.0.0.1:7000'}", "HOST=0.0.0.0", Production, "0.0.0.0:7000"},
		{"server: {listen: ':7000'}", "", Production, ":7000"},
	} {
		if got := ListenAddress(parse(t, c.text, c.environment), c.mode); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.text, c.environment, got, c.want)
		}
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"127.0.0.1:0": true, ":65535": true, "[::1]:80": true, ":http": true,
		":65536": false, ":99999": false, ":-1": false, ":no such service": false, "localhost": false, "": false,
	} {
		if err := validateAddress("server.listen", address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	for address, ok := range map[string]bool{"127.0.0.1:7000": false, "127.0.0.1:7001": true, "127.0.0.1:0": true} {
		cfg := &Config{}
		cfg.Server.Listen, cfg.Server.Ops.Listen = "127.0.0.1:7000", address
		if address == "127.0.0.1:0" {
			cfg.Server.Listen = address
		}
		if err := validateListen(cfg); (err == nil) != ok {
			t.Errorf("operators at %s: %v", address, err)
		}
	}
}

func TestModeOf(t *testing.T) {
	for text, want := range map[string]Mode{
		"": Development, "database: {url: postgres://a}": Production,
		"server: {mode: production}": Production, "server: {mode: development}\ndatabase: {url: postgres://a}": Development,
	} {
		if got := ModeOf(parse(t, text, "NODE_ENV=production")); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestPluginsKeepTheOrderOfTheFile(t *testing.T) {
	for text, want := range map[string]string{
		"plugins: {jwt: {}, bearer: {}}": "jwt bearer", "plugins: {bearer: {}, jwt: {}}": "bearer jwt",
		"plugins:\n  bearer:\n": "bearer", "plugins:": "", "": "",
	} {
		if got := strings.Join(parse(t, text).Plugins.Order(), " "); got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func TestTheStarterIsPasswordJWTAndBearer(t *testing.T) {
	cfg := parse(t, Starter)
	if !cfg.EmailAndPassword.Enabled || strings.Join(cfg.Plugins.Order(), " ") != "jwt bearer" {
		t.Errorf("got %+v", cfg)
	}
	t.Chdir(t.TempDir())
	t.Setenv(config.FileVariable, "")
	applied, warnings, err := LoadConfig("")
	if err != nil || !applied.EmailAndPassword.Enabled || !applied.Starter || len(warnings) != 0 {
		t.Errorf("without a file %+v, %q, %v", applied, warnings, err)
	}
}

func TestAFileIsNotTheStarter(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(config.DefaultFile, []byte("experimental: {instrumentation: {}}\nuser: {validateUserInfo: true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadConfig(""); err == nil || err.Error() != "sallyport.yaml:2:8: user.validateUserInfo is not supported yet" {
		t.Error(err)
	}
	if err := os.WriteFile(config.DefaultFile, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if cfg, warnings, err := LoadConfig(""); err != nil || cfg.EmailAndPassword.Enabled || warnings != nil {
		t.Errorf("an empty file: %+v, %q, %v", cfg, warnings, err)
	}
}

// Zero falls back to the default exactly where the original's does.
func TestZeroAndAbsent(t *testing.T) {
	zero := parse(t, "session: {expiresIn: 0, updateAge: 0, freshAge: 0}\nemailAndPassword: {minPasswordLength: 0, maxPasswordLength: 0}\n"+
		"rateLimit: {window: 0, max: 0}\nplugins: {jwt: {jwks: {gracePeriod: 0, rotationInterval: 0}}}\nadvanced: {ipAddress: {ipAddressHeaders: [], trustedProxies: []}, cookiePrefix: ''}\nbasePath: ''")
	if s := zero.Session; s.ExpiresIn.Seconds() != 604800 || *s.UpdateAge != 0 || *s.FreshAge != 0 {
		t.Errorf("session %+v", s)
	}
	if p := zero.EmailAndPassword; p.MinPasswordLength != 8 || p.MaxPasswordLength != 128 || !*p.AutoSignIn {
		t.Errorf("password %+v", p)
	}
	if r := zero.RateLimit; r.Window.Seconds() != 10 || r.Max != 100 || r.Enabled != nil {
		t.Errorf("rate limit %+v", r)
	}
	if k := zero.Plugins.JWT.JWKS; *k.GracePeriod != 0 || k.RotationInterval != 0 {
		t.Errorf("keys %+v", k)
	}
	if a := zero.Advanced; len(a.IPAddress.IPAddressHeaders) != 0 || a.IPAddress.TrustedProxies == nil || a.CookiePrefix != "better-auth" {
		t.Errorf("advanced %+v", a)
	}
	absent := parse(t, "")
	if s := absent.Session; s.UpdateAge.Seconds() != 86400 || s.FreshAge.Seconds() != 86400 || absent.Advanced.IPAddress.TrustedProxies != nil || zero.BasePath != "/api/auth" {
		t.Errorf("absent %+v", absent)
	}
}

func TestSecretsOfAConfiguration(t *testing.T) {
	signed := map[string]bool{}
	for _, text := range []string{"secret: one-secret-0123456789-0123456789", "secret: another-secret-0123456789-01234567", "secrets: [{version: 7, value: third-secret-0123456789-0123456789}]"} {
		secrets, err := Secrets(parse(t, text))
		if err != nil {
			t.Fatal(err)
		}
		signed[secrets.Sign("x")] = true
		sealed, err := secrets.Encrypt([]byte("x"), rand.Reader)
		if err != nil || strings.HasPrefix(sealed, "$ba$7$") != strings.Contains(text, "version") {
			t.Errorf("%s: %s, %v", text, sealed, err)
		}
	}
	if len(signed) != 3 {
		t.Error("different secrets sign alike")
	}
}

func TestDatabaseOptions(t *testing.T) {
	cfg := parse(t, "database: {url: postgres://pooled, directUrl: postgres://direct, schemaName: app}\nserver: {schema: own, hashSlots: 3}")
	if o := StoreOptions(cfg, nil, nil); o.URL != "postgres://pooled" || o.Schema != "app" || o.OwnSchema != "own" {
		t.Errorf("store %+v", o)
	}
	if o := MigrateOptions(cfg, nil, nil); o.URL != "postgres://direct" || o.Schema != "app" || o.OwnSchema != "own" {
		t.Errorf("migrations %+v", o)
	}
	if o := MigrateOptions(parse(t, "database: {url: postgres://one}"), nil, nil); o.URL != "postgres://one" || o.OwnSchema != "sallyport" {
		t.Errorf("migrations without a direct URL %+v", o)
	}
	if o := passwordOptions(cfg); o.Slots != 3 {
		t.Errorf("passwords %+v", o)
	}
}

func TestTimeoutsReachTheListener(t *testing.T) {
	cfg := parse(t, "server: {timeouts: {read: 3s, write: 4s, idle: 5s}}")
	s := &Server{cfg: cfg, log: slog.New(slog.DiscardHandler)}
	l, err := s.bind("127.0.0.1:0", http.NotFoundHandler(), "server.listen")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.socket.Close() }()
	if h := l.server; h.ReadTimeout != 3*time.Second || h.WriteTimeout != 4*time.Second || h.IdleTimeout != 5*time.Second {
		t.Errorf("read %v, write %v, idle %v", h.ReadTimeout, h.WriteTimeout, h.IdleTimeout)
	}
}

func TestOpsListener(t *testing.T) {
	for text, want := range map[string]int{"": 1, "server: {ops: {listen: '127.0.0.1:0'}}": 2} {
		cfg := parse(t, text)
		cfg.Server.Listen = "127.0.0.1:0"
		s := &Server{
			cfg: cfg, log: slog.New(slog.DiscardHandler), Auth: &auth.Auth{}, public: http.NotFoundHandler(),
			ops:         http.NotFoundHandler(),
			connections: newConnections(1, nil), ready: &readiness{},
			addresses: &clientip.Resolver{},
		}
		listeners, err := s.listen()
		if err != nil || len(listeners) != want {
			t.Errorf("%s: %d listeners, %v", text, len(listeners), err)
		}
		for _, l := range listeners {
			_ = l.socket.Close()
		}
	}
}
