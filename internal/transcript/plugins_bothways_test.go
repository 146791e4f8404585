package transcript_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// userPlugins is a configuration with every plugin that adds to users.
const userPlugins = `{
	"baseURL": "http://auth.test", "emailAndPassword": {"enabled": true}, "rateLimit": {"enabled": false}, %s
	"plugins": {"username": {}, "twoFactor": {}, "admin": {}}
}`

// TestEitherServerKnowsTheOthersUsers has names, roles, bans and impersonations
// made at one server and used at the other, on the same database.
func TestEitherServerKnowsTheOthersUsers(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	for name, options := range map[string]string{"texts for ids": "", "numbered": `"advanced": {"database": {"generateId": "serial"}},`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := transcript.Conversation{Topic: "users", Name: name, Config: fmt.Sprintf(userPlugins, options)}
			ours := startSallyport(t, c, nil)
			theirs, stop, err := host.Start(oracle.Options{Config: c.Config, DatabaseURL: ours.DatabaseURL})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stop)
			swapUsers(t, ours.DatabaseURL, theirs, ours.BaseURL, "original")
			swapUsers(t, ours.DatabaseURL, ours.BaseURL, theirs, "sallyport")
		})
	}
}

func swapUsers(t *testing.T, database, maker, reader, by string) {
	t.Helper()
	boss := person(t, maker, "boss-of-"+by)
	execute(t, database, `update "user" set role = 'admin' where email = $1`, boss.email)
	ann := person(t, maker, "Ann_by_"+by)
	signIn := fmt.Sprintf(`{"username":"ANN_BY_%s","password":"correct horse"}`, strings.ToUpper(by))
	for _, at := range []string{maker, reader} {
		if _, text := say(t, at, http.MethodPost, "/sign-in/username", "", signIn); !strings.Contains(text, `"displayUsername":"Ann_by_`+by+`"`) {
			t.Errorf("%s: signed in as %s", by, text)
		}
	}
	about := func(more string) string { return `{"userId":"` + ann.id + `"` + more + `}` }
	say(t, maker, http.MethodPost, "/admin/set-role", boss.cookies, about(`,"role":["user","admin"]`))
	if _, text := say(t, reader, http.MethodGet, "/get-session", ann.cookies, ""); !strings.Contains(text, `"role":"user,admin"`) {
		t.Errorf("%s: the role is none in %s", by, text)
	}
	say(t, reader, http.MethodGet, "/admin/list-users", ann.cookies, "")
	say(t, reader, http.MethodPost, "/admin/set-role", boss.cookies, about(`,"role":"user"`))
	swapImpersonation(t, maker, reader, boss, ann)
	swapBans(t, database, maker, reader, boss, ann, signIn)
}

// swapImpersonation has one begun at maker and ended at reader.
func swapImpersonation(t *testing.T, maker, reader string, boss, ann someone) {
	t.Helper()
	as, _ := say(t, maker, http.MethodPost, "/admin/impersonate-user", boss.cookies, `{"userId":"`+ann.id+`"}`)
	as = withoutEnded(as)
	_, text := say(t, reader, http.MethodGet, "/get-session", as, "")
	if !strings.Contains(text, `"impersonatedBy":"`+boss.id+`"`) || !strings.Contains(text, ann.email) {
		t.Errorf("the impersonation is %s", text)
	}
	if _, text = say(t, reader, http.MethodPost, "/admin/stop-impersonating", as, ""); !strings.Contains(text, boss.email) {
		t.Errorf("it goes back to %s", text)
	}
}

// withoutEnded leaves out the cookies that a browser has forgotten.
func withoutEnded(cookies string) string {
	pairs := strings.Split(cookies, "; ")
	return strings.Join(slices.DeleteFunc(pairs, func(pair string) bool { return strings.HasSuffix(pair, "=") }), "; ")
}

// swapBans has a user banned at maker, who then finds reader shut, until the ban
// has ended or is taken back.
func swapBans(t *testing.T, database, maker, reader string, boss, ann someone, signIn string) {
	t.Helper()
	byAddress := fmt.Sprintf(`{"email":%q,"password":"correct horse"}`, ann.email)
	shut := func() {
		t.Helper()
		for path, body := range map[string]string{"/sign-in/email": byAddress, "/sign-in/username": signIn} {
			if status, text := ask(t, reader, path, body); status != http.StatusForbidden || !strings.Contains(text, "BANNED_USER") {
				t.Errorf("%s of a banned user: %d %s", path, status, text)
			}
		}
	}
	say(t, maker, http.MethodPost, "/admin/ban-user", boss.cookies, `{"userId":"`+ann.id+`","banReason":"spam","banExpiresIn":3600}`)
	if _, text := say(t, reader, http.MethodGet, "/get-session", ann.cookies, ""); text != "null" {
		t.Errorf("a banned user has %s", text)
	}
	shut()
	execute(t, database, `update "user" set "banExpires" = "banExpires" - interval '2 hours' where email = $1`, ann.email)
	say(t, reader, http.MethodPost, "/sign-in/username", "", signIn)
	say(t, maker, http.MethodPost, "/sign-in/email", "", byAddress)
	say(t, maker, http.MethodPost, "/admin/ban-user", boss.cookies, `{"userId":"`+ann.id+`"}`)
	shut()
	say(t, reader, http.MethodPost, "/admin/unban-user", boss.cookies, `{"userId":"`+ann.id+`"}`)
	say(t, maker, http.MethodPost, "/sign-in/username", "", signIn)
}

// someone is a user with the cookies of a session.
type someone struct{ id, email, cookies string }

func person(t *testing.T, at, name string) someone {
	t.Helper()
	p := someone{email: strings.ToLower(name) + "@example.test"}
	username := strings.ReplaceAll(name, "-", ".")
	cookies, text := say(t, at, http.MethodPost, "/sign-up/email", "", fmt.Sprintf(`{"name":"A","email":%q,"password":"correct horse","username":%q}`, p.email, username))
	_, id, _ := strings.Cut(text, `"id":"`)
	p.id, _, _ = strings.Cut(id, `"`)
	p.cookies = cookies
	return p
}

// ask posts without cookies and gives whatever comes.
func ask(t *testing.T, base, path, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/auth"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "auth.test"
	r.Header.Set("Origin", "http://auth.test")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

func execute(t *testing.T, database, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}
