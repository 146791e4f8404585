package transcript_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// cachedSessions is a configuration with a cookie cache and fields of all kinds.
const cachedSessions = `{
	"baseURL": "http://auth.test", "emailAndPassword": {"enabled": true}, "rateLimit": {"enabled": false},
	"user": {"additionalFields": {
		"nick": {"type": "string", "required": false}, "age": {"type": "number", "required": false},
		"born": {"type": "date", "required": false}, "member": {"type": "boolean", "required": false},
		"tags": {"type": "string[]", "required": false}, "secret": {"type": "string", "returned": false, "required": false}}},
	"session": {"additionalFields": {"device": {"type": "string", "required": false}}, "cookieCache": {"enabled": true %s}}, "plugins": {%s}
}`

// TestEitherServerReadsTheOthersCache signs people up at one server, takes the
// session out of the database both share, and reads it at the other from the
// cookie alone.
func TestEitherServerReadsTheOthersCache(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	for name, options := range map[string][2]string{
		"compact":        {"", ""},
		"jwt":            {`, "strategy": "jwt"`, ""},
		"jwe":            {`, "strategy": "jwe"`, ""},
		"jwt of the key": {`, "strategy": "jwt"`, `"jwt": {"sessionCookieCache": true, "disableSettingJwtHeader": true}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := transcript.Conversation{Topic: "cache", Name: name, Config: fmt.Sprintf(cachedSessions, options[0], options[1])}
			ours := startSallyport(t, c, nil)
			theirs, stop, err := host.Start(oracle.Options{Config: c.Config, DatabaseURL: ours.DatabaseURL})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stop)
			readAt(t, ours.DatabaseURL, theirs, ours.BaseURL, "original@example.test")
			readAt(t, ours.DatabaseURL, ours.BaseURL, theirs, "sallyport@example.test")
		})
	}
}

func readAt(t *testing.T, database, maker, reader, email string) {
	t.Helper()
	signUp := fmt.Sprintf(`{"name":"Ann <&> \"Änn\" \\ \u2028 😀","email":%q,"password":"correct horse","nick":"x","age":42,
		"born":"2001-02-03T04:05:06.000Z","member":true,"tags":["a<b","ü"],"secret":"hidden"}`, email)
	cookies, _ := say(t, maker, http.MethodPost, "/sign-up/email", "", signUp)
	if !strings.Contains(cookies, "session_data") {
		t.Fatalf("no copy among %q", cookies)
	}
	_, want := say(t, maker, http.MethodGet, "/get-session", cookies, "")
	forget(t, database)
	again, got := say(t, reader, http.MethodGet, "/get-session", cookies, "")
	if got != want || again != "" || !strings.Contains(got, `"born":"2001-02-03T04:05:06.000Z"`) || strings.Contains(got, "hidden") {
		t.Errorf("%s: cookies %q\ngot  %s\nwant %s", email, again, got, want)
	}
}

// forget takes every session out of a database.
func forget(t *testing.T, database string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "delete from session"); err != nil {
		t.Fatal(err)
	}
}

// say sends one request and gives the cookies it sets, as a Cookie header, and
// the body.
func say(t *testing.T, base, method, path, cookies, body string) (set, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+"/api/auth"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "auth.test"
	r.Header.Set("Origin", "http://auth.test")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s, %v", method, path, answer.StatusCode, content, err)
	}
	var pairs []string
	for _, c := range answer.Cookies() {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; "), string(content)
}
