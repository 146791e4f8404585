package core_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// extended has a field of every kind that can go wrong on users and sessions.
const extended = authtest.Starter + `
user: {additionalFields: {nick: {type: string, unique: true, required: false}, age: {type: number, required: false},
  born: {type: date, required: false}, about: {type: json, required: false}, team: {type: string, defaultValue: red},
  boss: {type: string, required: false, references: {model: user, field: id}}}}
session: {additionalFields: {device: {type: string, required: false}, level: {type: number, defaultValue: 1}}}
`

// What does not fit a column is the client's mistake, and changes nothing.
func TestUpdatesThatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, extended)
	s.Client().Post("/sign-up/email", with(newcomer("other@example.test"), map[string]any{"nick": "taken"})).Is(http.StatusOK)
	c := s.Client()
	c.Post("/sign-up/email", newcomer("ann@example.test")).Is(http.StatusOK)
	for _, change := range []map[string]any{
		{"name": nil},
		{"name": "a\x00b"},
		{"image": "\x00"},
		{"age": "many"},
		{"age": 1.5},
		{"age": 1e10},
		{"age": true},
		{"age": []any{1}},
		{"born": "soon"},
		{"born": 5},
		{"about": "{"},
		{"about": map[string]any{"a": "\x00"}},
		{"team": nil},
		{"nick": "taken"},
		{"boss": "nobody"},
	} {
		change["image"], change["name"] = orElse(change, "image", "new"), orElse(change, "name", "New")
		c.Post("/update-user", change).Code(http.StatusBadRequest, "FAILED_TO_UPDATE_USER")
	}
	for _, change := range []map[string]any{{"level": "x"}, {"level": nil}, {"device": "\x00"}, {"level": 1e20}} {
		c.Post("/update-session", change).Code(http.StatusBadRequest, "VALIDATION_ERROR")
	}
	if n := s.Count(`select count(*) from "user" where name <> 'Test' or image is not null`); n != 0 {
		t.Errorf("%d users have changed", n)
	}
}

func orElse(m map[string]any, name string, other any) any {
	if v, there := m[name]; there {
		return v
	}
	return other
}

// Where sign-up never signs in, the answer for an address that is taken is that
// for a new one.
func TestSignUpsThatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	for mode, emails := range map[string][]string{
		"": {"new@example.test"}, "emailAndPassword: {enabled: true, autoSignIn: false}": {"new@example.test", "taken@example.test"},
	} {
		text := extended
		if mode != "" {
			text = strings.Replace(extended, "emailAndPassword: {enabled: true}", mode, 1)
		}
		s := authtest.New(t, text)
		s.Client().Post("/sign-up/email", with(newcomer("taken@example.test"), map[string]any{"nick": "taken"})).Is(http.StatusOK)
		for _, email := range emails {
			for _, more := range []map[string]any{{"nick": "taken"}, {"age": "x"}, {"born": "x"}, {"boss": "nobody"}, {"nick": "\x00"}, {"about": "{"}} {
				s.Client().Post("/sign-up/email", with(newcomer(email), more)).Code(http.StatusUnprocessableEntity, "FAILED_TO_CREATE_USER")
			}
		}
		if n := s.Count(`select count(*) from "user"`); n != 1 {
			t.Errorf("%d users", n)
		}
	}
}

// A user that is gone takes the session along: the answer is that of a session
// that ended meanwhile.
func TestUpdateOfASessionThatIsGone(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, extended)
	c := s.Client()
	c.Post("/sign-up/email", newcomer("ann@example.test")).Is(http.StatusOK)
	s.Exec(`delete from "user"`)
	c.Post("/update-user", map[string]any{"name": "x"}).Is(http.StatusUnauthorized)
	c.Post("/update-session", map[string]any{"device": "x"}).Is(http.StatusUnauthorized)
}
