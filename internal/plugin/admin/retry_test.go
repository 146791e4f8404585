package admin_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// rolledBackOnce makes Postgres roll the next change of a user back, as it does
// with one of two transactions that wait for each other.
func rolledBackOnce(s *authtest.Server) {
	s.Exec(`create sequence rolled_back`)
	s.Exec(`create function roll_back() returns trigger language plpgsql as $$ begin
		if nextval('rolled_back') = 1 then raise exception using errcode = '40P01'; end if;
		return new; end $$`)
	s.Exec(`create trigger roll_back before update on "user" for each row execute function roll_back()`)
}

func TestAChangeThatPostgresRollsBackIsMadeAgain(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]map[string]any{
		"/admin/ban-user":    {"banReason": "spam"},
		"/admin/update-user": {"data": map[string]any{"banned": true}},
	} {
		s := authtest.New(t, with("", ""))
		boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
		rolledBackOnce(s)
		body["userId"] = ann.id
		boss.Post(path, body).Is(http.StatusOK)
		if s.Count(`select last_value from rolled_back`) != 2 {
			t.Errorf("%s was not rolled back", path)
		}
		if who(ann.Client) != "" {
			t.Errorf("%s: the session of a banned user lives on", path)
		}
	}
}
