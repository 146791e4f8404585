package carry_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// noOptionOfAnApp are the options that an app has none for, and why.
var noOptionOfAnApp = map[string]string{
	"server.":                "is this server's own",
	"messaging.":             "is this server's own",
	"secondaryStorage.":      "is an object in an app, of which nobody knows the address",
	"database.url":           "is inside a pool: see TestSecretsStayBehind",
	"database.directUrl":     "is this server's own",
	"rateLimit.customRules.": "comes in pairs: see the conversations",

	"socialProviders.<key>.teamId":     "is this server's own",
	"socialProviders.<key>.keyId":      "is this server's own",
	"socialProviders.<key>.privateKey": "is this server's own",
}

// takers are the providers of options that GitHub does not take.
var takers = map[string]string{
	"environment": "paypal", "loginUrl": "salesforce", "issuer": "gitlab", "duration": "reddit", "claims": "twitch", "lang": "wechat", "pkce": "zoom",
	"tokenEndpointAuth": "vercel", "tokenEndpointAuthMethod": "cloudflare", "audience": "apple", "appBundleIdentifier": "apple", "clientKey": "tiktok",
	"domain": "cognito", "region": "cognito", "userPoolId": "cognito", "requireClientSecret": "cognito", "identityProvider": "cognito",
	"permissions": "discord", "accessType": "google", "display": "google", "hd": "google", "includeGrantedScopes": "google",
	"fields": "facebook", "configId": "facebook",
	"tenantId": "microsoft", "authority": "microsoft", "profilePhotoSize": "microsoft", "disableProfilePhoto": "microsoft",
}

// ofTakers are what a provider needs beside an option.
var ofTakers = map[string]map[string]string{
	"cognito": {"clientId": `"id"`, "domain": `"auth.example.com"`, "region": `"eu-west-1"`, "userPoolId": `"eu-west-1_a"`},
	"tiktok":  {},
}

// social makes options of one of a provider's, which takes it.
func social(name, value string) string {
	first, rest, _ := strings.Cut(name, ".")
	if rest != "" {
		value = fmt.Sprintf(`{%q:%s}`, rest, value)
	}
	id, takes := takers[first]
	if !takes {
		id = "github"
	}
	needs, special := ofTakers[id]
	if !special {
		needs = map[string]string{"clientId": `"id"`}
	}
	members := []string{fmt.Sprintf(`%q:%s`, first, value)}
	if first != "clientSecret" {
		members = append(members, `"clientSecret":{"$env":"AN_OLD_SECRET"}`)
	}
	for _, key := range slices.Sorted(maps.Keys(needs)) {
		if key != first {
			members = append(members, fmt.Sprintf(`%q:%s`, key, needs[key]))
		}
	}
	return fmt.Sprintf(`{"socialProviders":{%q:{%s}}}`, id, strings.Join(members, ","))
}

// samples are values of options that not every value fits, as JSON, with what they need beside them.
var samples = map[string]string{
	"baseURL":                                         `"https://auth.example.org"`,
	"secrets":                                         `[{"version":1,"value":{"$env":"AN_OLD_SECRET"}}]`,
	"trustedOrigins":                                  `["https://app.example.com"]`,
	"disabledPaths":                                   `["/ok"]`,
	"advanced.disableOriginCheck":                     `["/sign-in/email"]`,
	"advanced.cookies":                                `{"session_token":{"name":"x"}}`,
	"advanced.ipAddress.trustedProxies":               `["10.0.0.1"]`,
	"advanced.database.generateId":                    `"uuid"`,
	"verification.storeIdentifier":                    `"hashed"`,
	"onAPIError.errorURL":                             `"https://app.example.com/error"`,
	"plugins.admin.adminRoles":                        `["user"]`,
	"plugins.admin.ac":                                `null`, // needs roles: see roles
	"plugins.admin.roles":                             `{"admin":{"user":["list"]}}`,
	"plugins.openAPI.path":                            `"/docs"`,
	"plugins.jwt.jwks.keyPairConfig.alg":              `"ES256"`,
	"plugins.jwt.jwks.jwksPath":                       `"/keys"`,
	"plugins.jwt.jwks.keyPairConfig.crv":              `"Ed25519"`,
	"plugins.jwt.jwt.expirationTime":                  `"1h"`,
	"plugins.jwt.jwt.audience":                        `["a","b"]`,
	"plugins.jwt.jwt.definePayload":                   `{"mail":"user.email"}`,
	"plugins.jwt.jwt.getSubject":                      `"user.email"`,
	"plugins.username.usernameValidator":              `"^[a-z]+$"`,
	"plugins.username.displayUsernameValidator":       `"^[a-z]+$"`,
	"plugins.username.usernameNormalization":          `"trim"`,
	"plugins.username.displayUsernameNormalization":   `"lowercase"`,
	"session.storeSessionInDatabase":                  `true`,
	"verification.storeInDatabase":                    `true`,
	"session.preserveSessionInDatabase":               `null`, // true is refused
	"plugins.jwt.jwks.keyPairConfig.modulusLength":    `null`, // needs an alg: see the conversations
	"plugins.twoFactor.totpOptions.allowPasswordless": `true`,
	"rateLimit.modelName":                             `null`, // needs a storage: see the conversations
	"rateLimit.fields":                                `null`, // needs a storage
	"rateLimit.storage":                               `"database"`,
	"socialProviders.<key>.environment":               `"live"`,
	"socialProviders.<key>.issuer":                    `"https://gitlab.example.com"`,
	"socialProviders.<key>.loginUrl":                  `"acme.my.salesforce.com"`,
	"socialProviders.<key>.authority":                 `"https://login.example.com"`,
	"socialProviders.<key>.profilePhotoSize":          `64`,
	"socialProviders.<key>.mapProfileToUser":          `{"nick":"profile.nick"}`,
	"socialProviders.<key>.clientId":                  `"id"`,
	"plugins.genericOAuth.config":                     `[{"providerId":"acme","clientId":"app","authorizationUrl":"https://idp.test/a","tokenUrl":"https://idp.test/t"}]`,
	"plugins.oAuthProxy.productionURL":                `"https://app.example.com"`,
	"plugins.oAuthProxy.currentURL":                   `"https://preview.example.com"`,
	"plugins.jwt.sessionCookieCache":                  `null`, // needs session.cookieCache: see the conversations
}

// TestEveryOptionIsCarried sets each option alone, and finds it in the file.
func TestEveryOptionIsCarried(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, option := range config.Options(reflect.TypeFor[server.Config]()) {
		if option.Name == "" || option.State != config.Supported || strings.Contains(option.Name, "[]") || excepted(option.Name) {
			continue
		}
		sample := sampleOf(t, option)
		if sample == "null" {
			continue
		}
		tried++
		text := app(nested(strings.ReplaceAll(option.Name, "<key>", "nick"), sample))
		if rest, ok := strings.CutPrefix(option.Name, "socialProviders.<key>."); ok {
			text = app(social(rest, sample))
		}
		result := carried(t, text, carry.Options{WithSecrets: true})
		key := option.Name[strings.LastIndexByte(option.Name, '.')+1:]
		if len(result.Lost) > 0 || !strings.Contains(result.YAML, key+":") {
			t.Errorf("%s: lost %v in\n%s", text, result.Lost, result.YAML)
			continue
		}
		starts(t, result.YAML, "AN_OLD_SECRET=x")
	}
	if tried < 120 {
		t.Errorf("only %d options were tried", tried)
	}
}

func excepted(name string) bool {
	for prefix := range noOptionOfAnApp {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// sampleOf gives a value that is not the default.
func sampleOf(t *testing.T, option config.Option) string {
	t.Helper()
	if sample, ok := samples[option.Name]; ok {
		return sample
	}
	kind := option.Type
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	byDefault := option.Tag.Get("default")
	values := strings.Split(option.Tag.Get("enum"), ",")
	switch {
	case strings.HasSuffix(option.Name, ".bigint"):
		return "null" // needs another type: see the conversations
	case strings.HasSuffix(option.Name, ".references.model"):
		return `"session"`
	case strings.HasSuffix(option.Name, ".references.field"):
		return `"id"`
	case strings.HasSuffix(option.Name, ".type"):
		return `"string"`
	case strings.HasSuffix(option.Name, ".defaultValue"):
		return `"nobody"`
	case values[0] != "":
		return strconv.Quote(values[len(values)-1])
	case kind.Kind() == reflect.Bool:
		return strconv.FormatBool(byDefault != "true")
	case kind.Kind() == reflect.Int, kind.Kind() == reflect.Int64:
		number, _ := strconv.Atoi(byDefault)
		least, _ := strconv.Atoi(option.Tag.Get("min"))
		if most, err := strconv.Atoi(option.Tag.Get("max")); err == nil && number == most {
			return strconv.Itoa(number - 1)
		}
		return strconv.Itoa(max(number, least) + 1)
	case kind.Kind() == reflect.Map:
		return fieldsFor(option.Name)
	case kind.Kind() == reflect.Slice:
		return `["sample"]`
	case kind == reflect.TypeFor[config.Secret]():
		return `"a-sample-of-a-secret-0123456789-ABCDEF"`
	}
	return `"sample"`
}

// fieldsFor names a column of the first field of a table.
func fieldsFor(name string) string {
	field := map[string]string{
		"user.fields": "email", "session.fields": "token", "account.fields": "password", "verification.fields": "value",
		"plugins.admin.schema.user.fields": "role", "plugins.admin.schema.session.fields": "impersonatedBy",
		"plugins.jwt.schema.jwks.fields": "publicKey", "plugins.username.schema.user.fields": "username",
		"plugins.twoFactor.schema.user.fields": "twoFactorEnabled", "plugins.twoFactor.schema.twoFactor.fields": "secret",
	}[name]
	return fmt.Sprintf(`{%q:"a_column"}`, field)
}

// nested makes options of one, a plugin's as a list of one plugin.
func nested(name, value string) string {
	if rest, ok := strings.CutPrefix(name, "plugins."); ok {
		plugin, rest, _ := strings.Cut(rest, ".")
		return fmt.Sprintf(`{"plugins":[{"id":%q,"options":%s}]}`, plugin, nested(rest, value))
	}
	parts := strings.Split(name, ".")
	for i, part := range slices.Backward(parts) {
		beside := ""
		if i > 0 && parts[i-1] == "nick" && parts[i-2] == "additionalFields" && part != "type" {
			beside = `,"type":"string"`
		}
		if i > 0 && parts[i-1] == "references" {
			beside = map[string]string{"model": `,"field":"id"`, "field": `,"model":"user"`, "onDelete": `,"model":"user","field":"id"`}[part]
		}
		value = fmt.Sprintf(`{%q:%s%s}`, part, value, beside)
	}
	return value
}

// declarations are the files of the original that declare the options that this server knows.
var declarations = []string{
	"@better-auth/core/dist/types/init-options.d.mts", "better-auth/dist/plugins/jwt/types.d.mts", "better-auth/dist/plugins/admin/types.d.mts",
	"better-auth/dist/plugins/username/index.d.mts", "better-auth/dist/plugins/two-factor/types.d.mts",
	"better-auth/dist/plugins/generic-oauth/types.d.mts", "better-auth/dist/plugins/one-tap/index.d.mts", "better-auth/dist/plugins/oauth-proxy/index.d.mts",
	"better-auth/dist/plugins/two-factor/otp/index.d.mts", "better-auth/dist/plugins/two-factor/backup-codes/index.d.mts",
}

var (
	comment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	declared = regexp.MustCompile(`(?m)^\s+(\w+)\??:\s*(?:[^;{}=]*\|\s*)?\(+[^;=]*(?:\{[^}]*\}[^;=]*)*\)\s*=>`)
)

// noOptions are names that the expression finds and that are no options.
var noOptions = []string{"hash", "consume"}

// TestEveryFunctionHasASubstitute looks for the functions that the original's types allow, that the app of
// everything.mjs has each of them, and that each comes to a switch or to words.
func TestEveryFunctionHasASubstitute(t *testing.T) {
	t.Parallel()
	text := everything(t)
	result := carried(t, text, carry.Options{})
	found := 0
	for _, file := range declarations {
		source, err := os.ReadFile(filepath.Join("../transcript/oracle/node_modules", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declared.FindAllStringSubmatch(comment.ReplaceAllString(string(source), ""), -1) {
			found++
			if !strings.Contains(text, `"`+match[1]+`": {`) && !slices.Contains(noOptions, match[1]) {
				t.Errorf("%s: everything.mjs has no %s", file, match[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d functions were found", found)
	}
	for _, l := range result.Lost {
		if strings.HasPrefix(l.Why, "is a function") && !strings.Contains(l.Why, "; ") && !within(result, l.Name) {
			t.Errorf("%s has no substitute: %s", l.Name, l.Why)
		}
	}
	for _, name := range []string{
		"sendResetPassword", "onPasswordReset", "onExistingUserSignUp", "sendVerificationEmail", "sendChangeEmailConfirmation",
		"sendDeleteAccountVerification", "sendOTP",
	} {
		says(t, result.YAML, name+": true\n")
	}
	var variables []string
	for _, v := range result.Variables {
		if !slices.Contains([]string{"DATABASE_URL", "BETTER_AUTH_SECRET"}, v.Name) {
			variables = append(variables, v.Name+"=x")
		}
	}
	starts(t, result.YAML, variables...)
}

// within tells whether something is in an option that is noted as a whole.
func within(result *carry.Result, name string) bool {
	return slices.ContainsFunc(result.Lost, func(l carry.Lost) bool { return strings.HasPrefix(name, l.Name+".") })
}

func TestWhatIsLostIsSaidWithItsSubstitute(t *testing.T) {
	t.Parallel()
	result := carried(t, everything(t), carry.Options{})
	for name, want := range map[string]string{
		"trustedOrigins":                                                      "list the origins",
		"secondaryStorage":                                                    "secondaryStorage.url",
		"emailAndPassword.password.hash":                                      "bcrypt or Argon2",
		"databaseHooks.user.create.before":                                    "is not in this version yet",
		"hooks.before":                                                        "put a proxy in front",
		"rateLimit.customStorage":                                             "set storage to",
		"rateLimit.customRules./sign-up/email":                                "write window and max, or false",
		"advanced.database.generateId":                                        "uuid or serial",
		"advanced.ipAddress.trustedProxies":                                   `"not an address" is neither an address nor a CIDR range`,
		"socialProviders.github.mapProfileToUser":                             "its place in the profile",
		"socialProviders.github.getUserInfo":                                  "map fields by mapProfileToUser",
		"socialProviders.github.verifyIdToken":                                "against the provider's keys",
		"socialProviders.microsoft.clientAssertion":                           "use clientSecret",
		"socialProviders.vercel.tokenEndpointAuth.getClientAssertion":         "use a client secret",
		"socialProviders.discord":                                             "write the provider's options",
		"plugins.genericOAuth.config[0].accountSubject":                       "such as user.id",
		"plugins.genericOAuth.config[0].getToken":                             "name tokenUrl",
		"plugins.genericOAuth.config[0].getUserInfo":                          "name userInfoUrl",
		"plugins.genericOAuth.config[0].refreshTokenParams":                   "the same at each renewal",
		"plugins.genericOAuth.config[1].tokenEndpointAuth.getClientAssertion": "privateKeyJwk or privateKeyPem",
		"plugins.genericOAuth.config[1]":                                      "needs one key",
		"plugins.genericOAuth.config[2]":                                      "tokenUrl is missing",
		"plugins.genericOAuth.config[3].getUserInfo":                          "presets have theirs",
		"session.cookieCache.version":                                         "write a text",
		"user.additionalFields.nick.defaultValue":                             "always the same",
		"user.additionalFields.circle.validator":                              "CHECK constraint",
		"plugins.magicLink":                                                   "is not in this version yet",
		"plugins.my-own":                                                      "is a plugin that this server does not have",
		"notAnOption":                                                         "is a value that a file cannot hold",
	} {
		says(t, why(t, result, name), want)
	}
	says(t, result.YAML,
		"# plugins.magicLink is not in this version yet\n#   magicLink:\n#     expiresIn: 60\n", "# messaging:\n",
		"#   config:\n#     - providerId: signed\n", "      - providerId: acme\n", "X-Api-Key: ${", "X-Region: eu\n", "secret: ${OAUTH_PROXY_SECRET}\n", "oauthPopup: {}\n",
		"schemaName: logins", "defaultValue: \"1970-01-01T00:00:00.000Z\"", "    /ok: false\n")
	if strings.Contains(result.YAML, "written-out") {
		t.Errorf("the file holds a secret:\n%s", result.YAML)
	}
}
