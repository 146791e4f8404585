package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// everything has every flow of the core switched on, and fields of each type.
const everything = `rateLimit: {enabled: false}
emailAndPassword: {enabled: true, sendResetPassword: true, onPasswordReset: true}
emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}
user:
  changeEmail: {enabled: true}
  deleteUser: {enabled: true, sendDeleteAccountVerification: true}
  additionalFields:
    text: {type: string, required: false}
    number: {type: number, required: false}
    flag: {type: boolean, required: false}
    day: {type: date, required: false}
    tree: {type: json, required: false}
    list: {type: "string[]", required: false}
session: {cookieCache: {enabled: true}, additionalFields: {note: {type: number, required: false}}}
plugins: {jwt: {}, bearer: {}}
`

// odd are JSON values that some layer might stumble over.
var odd = []string{
	`null`, `true`, `""`, `"\u0000"`, `"\ud800"`, `"x\u0000y@example.test"`, `-1`, `1e400`, `99999999999999999999`, `[]`, `[null,["\u0000"]]`, `{}`,
	`{"__proto__":{"x":1},"constructor":null}`, `"0"`, `"00000000-0000-0000-0000-000000000000"`, `"not-an-id"`, `"9223372036854775807"`,
	`"275760-09-13T00:00:00.001Z"`, `"http://auth.test\\@evil.test"`, `"` + strings.Repeat("a", 20000) + `"`, `"` + strings.Repeat(`ä\n`, 300) + `"`, strings.Repeat("[", 60) + strings.Repeat("]", 60),
}

// doors are endpoints that take a body, each with the members that it reads.
var doors = map[string][]string{
	"/update-user":            {"name", "image", "email", "text", "number", "flag", "day", "tree", "list", "__proto__"},
	"/update-session":         {"note", "__proto__"},
	"/change-email":           {"newEmail", "callbackURL"},
	"/unlink-account":         {"accountId"},
	"/account-info":           {"accountId"},
	"/get-access-token":       {"accountId", "userId", "useAccountCookie"},
	"/delete-user":            {"token", "callbackURL"},
	"/reset-password":         {"token", "newPassword"},
	"/request-password-reset": {"email", "redirectTo"},
	"/change-password":        {"newPassword", "revokeOtherSessions"},
	"/revoke-session":         {"token"},
	"/sign-up/email":          {"name", "email", "password", "image", "callbackURL", "rememberMe", "text", "__proto__"},
	"/sign-in/email":          {"email", "rememberMe"},
}

// sound is a body with which each endpoint of a list does what it is for.
func sound(i int) map[string]json.RawMessage {
	return map[string]json.RawMessage{
		"name": json.RawMessage(`"Ann"`), "email": json.RawMessage(fmt.Sprintf(`"odd%d@example.test"`, i)), "newEmail": json.RawMessage(`"new@example.test"`),
		"password": json.RawMessage(`""`), "newPassword": json.RawMessage(`"short"`), "currentPassword": json.RawMessage(`"short"`),
	}
}

// Nothing that a client sends makes a fault of the server, whatever ids are.
func TestNothingOddIsAFault(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"", "advanced: {database: {generateId: uuid}}\n", "advanced: {database: {generateId: serial}}\nverification: {storeIdentifier: hashed}\n"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, everything+kind)
			c := s.Client()
			c.SignUp("ann@example.test")
			sane := func(what string, a *authtest.Answer) {
				t.Helper()
				if a.Status >= http.StatusInternalServerError {
					t.Errorf("%s: %d %s", what, a.Status, a.Text)
				}
			}
			for i, value := range odd {
				for path, members := range doors {
					sane(path+" "+value, c.Post(path, value))
					for _, member := range members {
						body := sound(i)
						body[member] = json.RawMessage(value)
						text, err := json.Marshal(body)
						if err != nil {
							t.Fatal(err)
						}
						sane(path+" "+string(text)[:min(300, len(text))], c.Post(path, string(text)))
					}
				}
			}
			for _, value := range []string{"", "%00", "%FF", "%ED%A0%80", "__proto__", "a&token=b", "a&callbackURL=/&callbackURL=/b", "0", strings.Repeat("a", 9000), url.QueryEscape(`{"x":1}`)} {
				for _, path := range []string{"/verify-email?token=", "/delete-user/callback?token=", "/reset-password/x?callbackURL=", "/account-info?accountId=", "/get-session?disableCookieCache=", "/error?error=", "/list-sessions?disableCookieCache="} {
					sane(path+value[:min(40, len(value))], c.Get(path+value))
				}
				if !strings.Contains(value, "&") && value != "" {
					sane("/reset-password/"+value[:min(40, len(value))], c.Get("/reset-password/"+value+"?callbackURL=/x"))
				}
			}
		})
	}
}
