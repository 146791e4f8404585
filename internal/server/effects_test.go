package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// effect is what one option changes: a conversation with a server, and what it
// shows without the option and with it.
type effect struct {
	option string
	// set is the option in YAML, and beside what the conversation needs of
	// other options anyway.
	set, beside   string
	show          func(s *authtest.Server) string
	without, with string
}

// effects has a row for every option whose effect a client can see.
var effects = []effect{
	{"baseURL", "baseURL: https://auth.test/x", "", status("/x/ok"), "404", "200"},
	{"basePath", "basePath: /x", "", status("/x/ok"), "404", "200"},
	{"trustedOrigins", "trustedOrigins: [https://app.test]", "", allowed("https://app.test"), "", "https://app.test"},
	{"disabledPaths", "disabledPaths: [/ok]", "", status("/api/auth/ok"), "200", "404"},
	{"onAPIError.errorURL", "onAPIError: {errorURL: /oops}", "", errorPage, "/?error=UNKNOWN", "/oops?error=UNKNOWN"},
	{"server.audit.enabled", "server: {audit: {enabled: false}}", "", auditRows, "sign-up", "none"},
	{"server.cors", "server: {cors: false}", "trustedOrigins: [https://app.test]", allowed("https://app.test"), "https://app.test", ""},
	{"server.acceptOldSecrets", "server: {acceptOldSecrets: false}", newSecret, signedByTheOldSecret, "a session", "none"},
	{"server.bodyLimit", "server: {bodyLimit: 1024}", "", longSignIn, "401", "413"},
	{"server.throttle", "server: {throttle: off}", "", guesses, "429, 1 denied", "401, 0 counted"},
	{"server.throttle", "server: {throttle: observe}", "", guesses, "429, 1 denied", "401, 1 observed"},

	{"emailAndPassword.enabled", "emailAndPassword: {enabled: false}", "", signUpStatus, "200", "400"},
	{"emailAndPassword.disableSignUp", "emailAndPassword: {enabled: true, disableSignUp: true}", "", signUpStatus, "200", "400"},
	{"emailAndPassword.minPasswordLength", "emailAndPassword: {enabled: true, minPasswordLength: 50}", "", signUpStatus, "200", "400"},
	{"emailAndPassword.maxPasswordLength", "emailAndPassword: {enabled: true, maxPasswordLength: 10}", "", signUpStatus, "200", "400"},
	{"emailAndPassword.autoSignIn", "emailAndPassword: {enabled: true, autoSignIn: false}", "", signUpToken, "a token", "none"},
	{"emailAndPassword.requireEmailVerification", "emailAndPassword: {enabled: true, requireEmailVerification: true}", "", signUpToken, "a token", "none"},
	{"emailAndPassword.sendResetPassword", mailing("sendResetPassword: true", ""), "", askReset, "400", "200"},
	{"emailAndPassword.resetPasswordTokenExpiresIn", mailing("sendResetPassword: true, resetPasswordTokenExpiresIn: 1m", ""), mailing("sendResetPassword: true", ""), resetAfter(2 * time.Minute), "200", "400"},
	{"emailAndPassword.onPasswordReset", mailing("sendResetPassword: true, onPasswordReset: true", ""), mailing("sendResetPassword: true", ""), resetMails, "0", "1"},
	{"emailAndPassword.revokeSessionsOnPasswordReset", mailing("sendResetPassword: true, revokeSessionsOnPasswordReset: true", ""), mailing("sendResetPassword: true", ""), sessionsAfterReset, "1", "0"},
	{"emailAndPassword.onExistingUserSignUp", mailing("autoSignIn: false, onExistingUserSignUp: true", ""), mailing("autoSignIn: false", ""), mailsToOwner, "0", "1"},
	{"emailVerification.sendVerificationEmail", mailing("", "sendVerificationEmail: true"), "", askVerification, "400", "200"},
	{"emailVerification.sendOnSignUp", mailing("", "sendVerificationEmail: true, sendOnSignUp: true"), mailing("", "sendVerificationEmail: true"), signUpMails, "0", "1"},
	{"emailVerification.sendOnSignIn", mailing("requireEmailVerification: true", "sendVerificationEmail: true, sendOnSignIn: true"), mailing("requireEmailVerification: true", "sendVerificationEmail: true"), signInMails, "1", "2"},
	{"emailVerification.autoSignInAfterVerification", mailing("", "sendVerificationEmail: true, sendOnSignUp: true, autoSignInAfterVerification: true"), mailing("", "sendVerificationEmail: true, sendOnSignUp: true"), linkSignsIn, "none", "a session"},
	{"emailVerification.expiresIn", mailing("", "sendVerificationEmail: true, sendOnSignUp: true, expiresIn: 1m"), mailing("", "sendVerificationEmail: true, sendOnSignUp: true"), linkAfter(2 * time.Minute), "200", "401"},
	{"verification.storeIdentifier", mailing("sendResetPassword: true", "") + "\nverification: {storeIdentifier: hashed}", mailing("sendResetPassword: true", ""), plainIdentifiers, "1", "0"},
	{"verification.storeIdentifier", mailing("sendResetPassword: true", "") + "\nverification: {storeIdentifier: {default: plain, overrides: {reset-password: hashed}}}", mailing("sendResetPassword: true", ""), plainIdentifiers, "1", "0"},

	{"session.expiresIn", "session: {expiresIn: 60}", "", cookie("Max-Age"), "Max-Age=604800", "Max-Age=60"},
	{"session.updateAge", "session: {updateAge: 0}", "", renews(time.Minute), "false", "true"},
	{"session.disableSessionRefresh", "session: {disableSessionRefresh: true}", "", renews(48 * time.Hour), "true", "false"},
	{"session.freshAge", "session: {freshAge: 60}", "", listsAfter(2 * time.Minute), "200", "403"},
	{"session.deferSessionRefresh", "session: {deferSessionRefresh: true}", "", postSession, "405", "200"},

	{"user.changeEmail.enabled", "user: {changeEmail: {enabled: true, updateEmailWithoutVerification: true}}", "user: {changeEmail: {updateEmailWithoutVerification: true}}", changeEmail, "400", "200"},
	{"user.changeEmail.updateEmailWithoutVerification", "user: {changeEmail: {enabled: true, updateEmailWithoutVerification: true}}", "user: {changeEmail: {enabled: true}}", changeEmail, "400", "200"},
	{"user.changeEmail.sendChangeEmailConfirmation", "user: {changeEmail: {enabled: true, sendChangeEmailConfirmation: true}}\nemailVerification: {sendVerificationEmail: true}", "user: {changeEmail: {enabled: true}}\nemailVerification: {sendVerificationEmail: true}", askedForChange, "sendVerificationEmail", "sendChangeEmailConfirmation"},
	{"user.deleteUser.enabled", "user: {deleteUser: {enabled: true}}", "", deleteUser, "404 ", `200 {"success":true,"message":"User deleted"}`},
	{"user.deleteUser.sendDeleteAccountVerification", "user: {deleteUser: {enabled: true, sendDeleteAccountVerification: true}}", "user: {deleteUser: {enabled: true}}", deleteUser, `200 {"success":true,"message":"User deleted"}`, `200 {"success":true,"message":"Verification email sent"}`},
	{"user.deleteUser.deleteTokenExpiresIn", "user: {deleteUser: {enabled: true, sendDeleteAccountVerification: true, deleteTokenExpiresIn: 5m}}", "user: {deleteUser: {enabled: true, sendDeleteAccountVerification: true}}", deletionLinkLife, "86400", "300"},
	{"account.accountLinking.allowUnlinkingAll", "account: {accountLinking: {allowUnlinkingAll: true}}", "", unlinkLast, "400", "200"},

	{"session.cookieCache.enabled", "session: {cookieCache: {enabled: true}}", "", copied("Path"), "", "Path=/"},
	{"session.cookieCache.maxAge", "session: {cookieCache: {enabled: true, maxAge: 60}}", cached, copied("Max-Age"), "Max-Age=300", "Max-Age=60"},
	{"session.cookieCache.strategy", "session: {cookieCache: {enabled: true, strategy: jwt}}", cached, copied("dots"), "0", "2"},
	{"session.cookieCache.strategy", "session: {cookieCache: {enabled: true, strategy: jwe}}", cached, copied("dots"), "0", "4"},
	{"session.cookieCache.version", "session: {cookieCache: {enabled: true, version: two}}", cached, copied("version"), "1", "two"},
	{"plugins.jwt.sessionCookieCache", "plugins: {jwt: {sessionCookieCache: true}}", "session: {cookieCache: {enabled: true, strategy: jwt}}", copied("header"), `{"alg":"HS256"}`, "better-auth.session-cache+jwt"},

	{"rateLimit.enabled", "rateLimit: {enabled: true, max: 1}", "", third(0), "200", "429"},
	{"rateLimit.max", "rateLimit: {enabled: true, max: 2}", "rateLimit: {enabled: true}", third(0), "200", "429"},
	{"rateLimit.window", "rateLimit: {enabled: true, max: 2, window: 1h}", "rateLimit: {enabled: true, max: 2}", third(time.Minute), "200", "429"},
	{"rateLimit.storage", "rateLimit: {enabled: true, storage: database}", "", countersTable, "0", "1"},
	{"rateLimit.customRules.<key>.max", "rateLimit: {enabled: true, customRules: {/ok: {window: 10, max: 2}}}", "rateLimit: {enabled: true, customRules: {/ok: {window: 10, max: 3}}}", third(0), "200", "429"},
	{"rateLimit.customRules.<key>.window", "rateLimit: {enabled: true, customRules: {/ok: {window: 1h, max: 2}}}", "rateLimit: {enabled: true, customRules: {/ok: {window: 10, max: 2}}}", third(time.Minute), "200", "429"},
	{"rateLimit.customRules.<key>.window", "rateLimit: {enabled: true, max: 2, customRules: {/ok: false}}", "rateLimit: {enabled: true, max: 2}", third(0), "429", "200"},
	{"rateLimit.customRules.<key>.by", "rateLimit: {enabled: true, customRules: {/ok: {window: 10, max: 2, by: user}}}", "rateLimit: {enabled: true, customRules: {/ok: {window: 10, max: 2}}}", otherUser, "429", "200"},

	{"advanced.ipAddress.ipAddressHeaders", "advanced: {ipAddress: {ipAddressHeaders: [x-real]}}", "", address("X-Real", "9.9.9.9"), "127.0.0.1", "9.9.9.9"},
	{"advanced.ipAddress.trustedProxies", "advanced: {ipAddress: {trustedProxies: []}}", "", address("X-Forwarded-For", "9.9.9.9"), "9.9.9.9", "127.0.0.1"},
	{"advanced.ipAddress.disableIpTracking", "advanced: {ipAddress: {disableIpTracking: true}}", "", address("X-Forwarded-For", "9.9.9.9"), "9.9.9.9", ""},
	{"advanced.ipAddress.ipv6Subnet", "advanced: {ipAddress: {ipv6Subnet: 32}}", "", address("X-Forwarded-For", "2001:db8:1:2::3"), "2001:0db8:0001:0002:0000:0000:0000:0000", "2001:0db8:0000:0000:0000:0000:0000:0000"},
	{"advanced.skipTrailingSlashes", "advanced: {skipTrailingSlashes: true}", "", status("/api/auth/ok/"), "404", "200"},
	{"advanced.disableCSRFCheck", "advanced: {disableCSRFCheck: true}", "", signOutFrom("https://evil.test"), "403", "200"},
	{"advanced.disableOriginCheck", "advanced: {disableOriginCheck: true}", "", signUpTo("https://evil.test/x"), "403", "200"},
	{"advanced.disableOriginCheck", "advanced: {disableOriginCheck: [/sign-up]}", "", signUpTo("https://evil.test/x"), "403", "200"},

	{"advanced.useSecureCookies", "advanced: {useSecureCookies: true}", "", cookie("name"), "better-auth.session_token", "__Secure-better-auth.session_token"},
	{"advanced.cookiePrefix", "advanced: {cookiePrefix: acme}", "", cookie("name"), "better-auth.session_token", "acme.session_token"},
	{"advanced.crossSubDomainCookies.enabled", "advanced: {crossSubDomainCookies: {enabled: true}}", "", cookie("Domain"), "", "Domain=127.0.0.1"},
	{"advanced.crossSubDomainCookies.domain", "advanced: {crossSubDomainCookies: {enabled: true, domain: acme.test}}", "advanced: {crossSubDomainCookies: {enabled: true}}", cookie("Domain"), "Domain=127.0.0.1", "Domain=acme.test"},
	{"advanced.cookies.<key>.name", "advanced: {cookies: {session_token: {name: session_token_id}}}", "", cookie("name"), "better-auth.session_token", "session_token_id"},

	{"advanced.database.generateId", "advanced: {database: {generateId: uuid}}", "", idLength, "32", "36"},
	{"advanced.database.generateId", "advanced: {database: {generateId: serial}}", "", idLength, "32", "1"},
	{"advanced.database.defaultFindManyLimit", "advanced: {database: {defaultFindManyLimit: 2}}", "", listed, "3", "2"},

	{"plugins.bearer.requireSignature", "plugins: {bearer: {requireSignature: true}}", "", bareToken, "a session", "none"},
	{"plugins.jwt.disableSettingJwtHeader", "plugins: {jwt: {disableSettingJwtHeader: true}}", "", jwtHeader, "a token", "none"},
	{"plugins.jwt.jwks.jwksPath", "plugins: {jwt: {jwks: {jwksPath: /keys}}}", "", status("/api/auth/keys"), "404", "200"},
	{"plugins.jwt.jwks.keyPairConfig.alg", "plugins: {jwt: {jwks: {keyPairConfig: {alg: ES256}}}}", "", tokenPart(0, "alg"), "EdDSA", "ES256"},
	{"plugins.jwt.jwks.keyPairConfig.modulusLength", "plugins: {jwt: {jwks: {keyPairConfig: {alg: RS256, modulusLength: 3072}}}}", "plugins: {jwt: {jwks: {keyPairConfig: {alg: RS256}}}}", modulusBytes, "256", "384"},
	{"plugins.jwt.jwks.disablePrivateKeyEncryption", "plugins: {jwt: {jwks: {disablePrivateKeyEncryption: true}}}", "", keysWhere(`"privateKey" like '{%'`), "0", "1"},
	{"plugins.jwt.jwks.rotationInterval", "plugins: {jwt: {jwks: {rotationInterval: 30d}}}", "", keysWhere(`"expiresAt" is not null`), "0", "1"},
	{"plugins.jwt.jwks.gracePeriod", "plugins: {jwt: {jwks: {rotationInterval: 1h, gracePeriod: 0}}}", "plugins: {jwt: {jwks: {rotationInterval: 1h}}}", keysAfterExpiry, "2", "1"},
	{"plugins.jwt.jwt.issuer", "plugins: {jwt: {jwt: {issuer: acme}}}", "baseURL: https://auth.test", tokenPart(1, "iss"), "https://auth.test", "acme"},
	{"plugins.jwt.jwt.audience", "plugins: {jwt: {jwt: {audience: [a, b]}}}", "baseURL: https://auth.test", tokenPart(1, "aud"), "https://auth.test", "[a b]"},
	{"plugins.jwt.jwt.expirationTime", "plugins: {jwt: {jwt: {expirationTime: 1 hour}}}", "", tokenLife, "900", "3600"},
	{"plugins.jwt.jwt.definePayload", "plugins: {jwt: {jwt: {definePayload: {who: user.name}}}}", "", tokenPart(1, "who"), "<nil>", "A"},
	{"plugins.jwt.jwt.getSubject", "plugins: {jwt: {jwt: {getSubject: user.name}}}", "plugins: {jwt: {jwt: {getSubject: user.name + \"!\"}}}", tokenPart(1, "sub"), "A!", "A"},

	{"plugins.admin.defaultRole", "plugins: {admin: {defaultRole: guest}}", "plugins: {admin: {}}", userField("role"), "user", "guest"},

	{"plugins.openAPI.path", "plugins: {openAPI: {path: /docs/api}}", "plugins: {openAPI: {}}", status("/api/auth/docs/api"), "404", "200"},
	{"plugins.openAPI.disableDefaultReference", "plugins: {openAPI: {disableDefaultReference: true}}", "plugins: {openAPI: {}}", status("/api/auth/reference"), "200", "404"},
	{"plugins.openAPI.theme", "plugins: {openAPI: {theme: moon}}", "plugins: {openAPI: {}}", onReference(`data-theme="(\w+)"`), "default", "moon"},
	{"plugins.openAPI.nonce", "plugins: {openAPI: {nonce: a1}}", "plugins: {openAPI: {}}", onReference(`<script( nonce="a1")?>`), "", ` nonce="a1"`},
}

// attributes are the cookie attributes that both places of the configuration take.
var attributes = []struct{ set, show, without, with string }{
	{"domain: acme.test", "Domain", "", "Domain=acme.test"},
	{"httpOnly: false", "HttpOnly", "HttpOnly", ""},
	{"maxAge: 5", "Max-Age", "", "Max-Age=5"},
	{"path: /x", "Path", "Path=/", "Path=/x"},
	{"secure: true", "Secure", "", "Secure"},
	{"sameSite: STRICT", "SameSite", "SameSite=Lax", "SameSite=Strict"},
	{"partitioned: true", "Partitioned", "", "Partitioned"},
}

func TestOptionsHaveTheirEffects(t *testing.T) {
	t.Parallel()
	for beside, group := range byCompany() {
		t.Run("without "+beside, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, compose(beside))
			for _, e := range group {
				if got := e.show(s); got != e.without {
					t.Errorf("without %s %q, want %q", e.option, got, e.without)
				}
			}
		})
	}
	for _, e := range effects {
		t.Run(e.option, func(t *testing.T) {
			t.Parallel()
			if got := e.show(authtest.New(t, compose(e.beside, e.set))); got != e.with {
				t.Errorf("with it %q, want %q", got, e.with)
			}
		})
	}
}

// byCompany groups the effects whose servers without the option are alike.
func byCompany() map[string][]effect {
	groups := map[string][]effect{}
	for _, e := range effects {
		groups[e.beside] = append(groups[e.beside], e)
	}
	return groups
}

// The cookie is dont_remember, the one whose age nothing else decides.
func TestCookieAttributesHaveTheirEffects(t *testing.T) {
	t.Parallel()
	var all []string
	for _, a := range attributes {
		all = append(all, a.set)
	}
	set := "{" + strings.Join(all, ", ") + "}"
	without := forgetCookie(authtest.New(t, authtest.Starter))
	for _, where := range []string{"defaultCookieAttributes: " + set, "cookies: {dont_remember: {attributes: " + set + "}}"} {
		with := forgetCookie(authtest.New(t, compose("advanced: {"+where+"}")))
		for _, a := range attributes {
			if got := attribute(without, a.show); got != a.without {
				t.Errorf("without %s %q, want %q", a.set, got, a.without)
			}
			if got := attribute(with, a.show); got != a.with {
				t.Errorf("with %s %q, want %q", where, got, a.with)
			}
		}
	}
}

// compose makes a configuration of lines of one top-level key each; a later
// line replaces an earlier one of the same key.
func compose(lines ...string) string {
	lines = append(strings.Split(strings.TrimSpace(authtest.Starter), "\n"), lines...)
	byKey, order := map[string]string{}, []string{}
	for _, line := range lines {
		key, _, _ := strings.Cut(line, ":")
		if byKey[key] == "" {
			order = append(order, key)
		}
		byKey[key] = line
	}
	text := ""
	for _, key := range order {
		text += byKey[key] + "\n"
	}
	return text
}

// ask sends a request without a body to any path of the server.
func ask(s *authtest.Server, path string, header http.Header) *authtest.Answer {
	r, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		panic(err)
	}
	r.Header = header
	return s.Client().Send(r)
}

func status(path string) func(*authtest.Server) string {
	return func(s *authtest.Server) string { return fmt.Sprint(ask(s, path, nil).Status) }
}

func allowed(origin string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		return ask(s, "/api/auth/ok", http.Header{"Origin": {origin}}).Header.Get("Access-Control-Allow-Origin")
	}
}

func errorPage(s *authtest.Server) string {
	return ask(s, "/api/auth/error", nil).Header.Get("Location")
}

var users atomic.Int64

// newEmail gives an address that no server has seen.
func newEmail() string { return fmt.Sprintf("user%d@example.test", users.Add(1)) }

func signUp(s *authtest.Server, more map[string]any) (*authtest.Client, *authtest.Answer) {
	c := s.Client()
	body := map[string]any{"name": "A", "email": newEmail(), "password": authtest.Password}
	for key, value := range more {
		body[key] = value
	}
	return c, c.Post("/sign-up/email", body)
}

func signUpStatus(s *authtest.Server) string {
	_, a := signUp(s, nil)
	return fmt.Sprint(a.Status)
}

func signUpTo(target string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		_, a := signUp(s, map[string]any{"callbackURL": target})
		return fmt.Sprint(a.Status)
	}
}

func signUpToken(s *authtest.Server) string {
	_, a := signUp(s, nil)
	if a.JSON()["token"] == nil {
		return "none"
	}
	return "a token"
}

func longSignIn(s *authtest.Server) string {
	body := map[string]any{"email": "nobody@example.test", "password": "x", "filler": strings.Repeat("x", 2000)}
	return fmt.Sprint(s.Client().Post("/sign-in/email", body).Status)
}

// guesses shows how an eleventh wrong password is answered, and what became of it.
func guesses(s *authtest.Server) string {
	defer s.Clock.Stop()()
	s.Exec("delete from sallyport.attempt")
	status := 0
	for range 11 {
		status = s.Client().Post("/sign-in/email", map[string]any{"email": "guessed@example.test", "password": "x"}).Status
	}
	counted := s.Count("select coalesce(sum(cardinality(tried_at)), 0) from sallyport.attempt")
	switch {
	case counted == 0:
		return fmt.Sprintf("%d, 0 counted", status)
	case strings.Contains(s.Log.String(), "server.throttle only observes"):
		return fmt.Sprintf("%d, %d observed", status, 11-counted)
	}
	return fmt.Sprintf("%d, %d denied", status, 11-counted)
}

// cookie shows one attribute, or the name, of the session cookie that sign-up
// sends.
func cookie(what string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		_, a := signUp(s, nil)
		return attribute(setCookie(a, "session_token"), what)
	}
}

const cached = "session: {cookieCache: {enabled: true}}"

// copied shows something of the copy of the session that sign-up sends: an
// attribute, the number of dots in its value, or what the value says.
func copied(what string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		_, a := signUp(s, nil)
		line := setCookie(a, "session_data")
		value, _, _ := strings.Cut(strings.TrimPrefix(line, "better-auth.session_data="), ";")
		first, _, _ := strings.Cut(value, ".")
		text, _ := base64.RawURLEncoding.DecodeString(first)
		var said struct {
			Session struct{ Version string }
			Typ     string
		}
		switch _ = json.Unmarshal(text, &said); {
		case what == "dots":
			return fmt.Sprint(strings.Count(value, "."))
		case what == "version":
			return said.Session.Version
		case what == "header" && said.Typ == "":
			return string(text)
		case what == "header":
			return said.Typ
		}
		return attribute(line, what)
	}
}

func forgetCookie(s *authtest.Server) string {
	_, a := signUp(s, map[string]any{"rememberMe": false})
	return setCookie(a, "dont_remember")
}

func setCookie(a *authtest.Answer, key string) string {
	for _, line := range a.Header["Set-Cookie"] {
		if name, _, _ := strings.Cut(line, "="); strings.Contains(name, key) {
			return line
		}
	}
	return ""
}

// attribute gives one attribute of a Set-Cookie line as it stands there, or the
// cookie's name.
func attribute(line, what string) string {
	name, rest, _ := strings.Cut(line, "=")
	if what == "name" {
		return name
	}
	for _, part := range strings.Split(rest, "; ")[1:] {
		if part == what || strings.HasPrefix(part, what+"=") {
			return part
		}
	}
	return ""
}

// renews tells whether reading the session some time later extends it.
func renews(later time.Duration) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c, _ := signUp(s, nil)
		s.Clock.Advance(later)
		return fmt.Sprint(len(c.Get("/get-session").Is(200).Header["Set-Cookie"]) > 0)
	}
}

func listsAfter(later time.Duration) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c, _ := signUp(s, nil)
		s.Clock.Advance(later)
		return fmt.Sprint(c.Get("/list-sessions").Status)
	}
}

func changeEmail(s *authtest.Server) string {
	c, _ := signUp(s, nil)
	return fmt.Sprint(c.Post("/change-email", map[string]any{"newEmail": newEmail()}).Status)
}

// askedForChange is the message that a user with a proven address gets about
// another one.
func askedForChange(s *authtest.Server) string {
	c, _ := signUp(s, nil)
	s.Exec(`update "user" set "emailVerified" = true`)
	c.Post("/change-email", map[string]any{"newEmail": newEmail()}).Is(200)
	messages := s.Messages()
	return messages[len(messages)-1].Event
}

func deleteUser(s *authtest.Server) string {
	c, _ := signUp(s, nil)
	a := c.Post("/delete-user", map[string]any{})
	return fmt.Sprint(a.Status, " ", a.Text)
}

func deletionLinkLife(s *authtest.Server) string {
	deleteUser(s)
	return fmt.Sprint(s.Count(`select extract(epoch from "expiresAt" - "createdAt")::int from verification`))
}

// unlinkLast is the status of removing the only account of a user.
func unlinkLast(s *authtest.Server) string {
	c, _ := signUp(s, nil)
	var accounts []map[string]string
	if json.Unmarshal([]byte(strings.ReplaceAll(c.Get("/list-accounts").Text, `,"scopes":[]`, "")), &accounts) != nil {
		return "no list"
	}
	return fmt.Sprint(c.Post("/unlink-account", map[string]any{"accountId": accounts[0]["id"]}).Status)
}

func postSession(s *authtest.Server) string {
	return fmt.Sprint(s.Client().Post("/get-session", "").Status)
}

func signOutFrom(origin string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c, _ := signUp(s, nil)
		c.Header.Set("Origin", origin)
		return fmt.Sprint(c.Post("/sign-out", map[string]any{}).Status)
	}
}

// third is the status of a third request, some time after two others.
func third(later time.Duration) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c := s.Client()
		c.Get("/ok")
		c.Get("/ok")
		s.Clock.Advance(later)
		return fmt.Sprint(c.Get("/ok").Status)
	}
}

// countersTable is how many tables of counters there are.
func countersTable(s *authtest.Server) string {
	return fmt.Sprint(s.Count(`select count(*) from pg_tables where tablename = 'rateLimit'`))
}

// otherUser is the status of a user's request after two of another one at the
// same address.
func otherUser(s *authtest.Server) string {
	first, second := s.Client(), s.Client()
	first.SignUp("first@example.com")
	second.SignUp("second@example.com")
	first.Get("/ok")
	first.Get("/ok")
	return fmt.Sprint(second.Get("/ok").Status)
}

// address is the client's address that a new session keeps.
func address(header, value string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c := s.Client()
		c.Header.Set(header, value)
		c.SignUp(newEmail())
		session, _ := c.Get("/get-session").JSON()["session"].(map[string]any)
		return fmt.Sprint(session["ipAddress"])
	}
}

// onReference shows what a pattern finds on the page that describes the API.
func onReference(pattern string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		found := regexp.MustCompile(pattern).FindStringSubmatch(s.Client().Get("/reference").Is(http.StatusOK).Text)
		if found == nil {
			return "nothing"
		}
		return found[1]
	}
}
