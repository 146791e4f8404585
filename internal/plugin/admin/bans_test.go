package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// signIn tries a person's password in another browser.
func signIn(s *authtest.Server, p *person) *authtest.Answer {
	return s.Client().Post("/sign-in/email", map[string]any{"email": p.email, "password": password})
}

func TestABanEndsSessionsAndLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	user := boss.Post("/admin/ban-user", map[string]any{"userId": ann.id, "banReason": "spam", "banExpiresIn": 60}).Is(http.StatusOK).JSON()["user"].(map[string]any)
	if user["banned"] != true || user["banReason"] != "spam" {
		t.Errorf("banned %v", user)
	}
	if who(ann.Client) != "" {
		t.Error("a session of a banned user lives on")
	}
	signIn(s, ann).Code(http.StatusForbidden, "BANNED_USER")
	s.Clock.Advance(61 * time.Second)
	signIn(s, ann).Is(http.StatusOK)
	if n := s.Count(`select count(*) from "user" where id = $1 and banned = false and "banReason" is null and "banExpires" is null`, ann.id); n != 1 {
		t.Error("a ban that was over has stayed")
	}
}

func TestNobodyBansThemselves(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"", "advanced: {database: {generateId: serial}}"} {
		s := authtest.New(t, with("", ids))
		boss := signUpAdmin(t, s, "boss")
		other := boss.id
		if ids != "" {
			other = "0" + boss.id // the same number
		}
		boss.Post("/admin/ban-user", map[string]any{"userId": other}).Code(http.StatusBadRequest, "YOU_CANNOT_BAN_YOURSELF")
		for _, banned := range []any{true, "true", 1} {
			boss.Post("/admin/update-user", map[string]any{"userId": other, "data": map[string]any{"banned": banned}}).Code(http.StatusBadRequest, "YOU_CANNOT_BAN_YOURSELF")
		}
		if who(boss.Client) != "boss" {
			t.Error("the session is gone")
		}
	}
}

func TestABanByUpdateEndsSessionsToo(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss := signUpAdmin(t, s, "boss")
	for name, banned := range map[string]any{"ann": true, "bob": "yes"} {
		user := signUp(t, s, name)
		boss.Post("/admin/update-user", map[string]any{"userId": user.id, "data": map[string]any{"banned": banned}}).Is(http.StatusOK)
		if who(user.Client) != "" {
			t.Errorf("%s has a session", name)
		}
		signIn(s, user).Code(http.StatusForbidden, "BANNED_USER")
	}
}

func TestWhatABanIsByDefault(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with(`defaultBanReason: spam, defaultBanExpiresIn: 1h, bannedUserMessage: "Go away"`, ""))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	boss.Post("/admin/ban-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
	if a := signIn(s, ann); a.Text != `{"message":"Go away","code":"BANNED_USER"}` {
		t.Errorf("got %s", a.Text)
	}
	if n := s.Count(`select count(*) from "user" where "banReason" = 'spam' and "banExpires" is not null`); n != 1 {
		t.Error("the ban is another")
	}
	s.Clock.Advance(time.Hour + time.Second)
	signIn(s, ann).Is(http.StatusOK)
}

func TestSpansOfABanAreBounded(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	for _, seconds := range []string{"1e300", "-1e300", "8.64e15", "-8.64e15"} {
		boss.Post("/admin/ban-user", `{"userId":"`+ann.id+`","banExpiresIn":`+seconds+`}`).Code(http.StatusBadRequest, "VALIDATION_ERROR")
	}
	for _, seconds := range []string{"0.001", "8e12", "-1"} {
		boss.Post("/admin/ban-user", `{"userId":"`+ann.id+`","banExpiresIn":`+seconds+`}`).Is(http.StatusOK)
	}
}

// Whoever signs in while they are being banned has no session afterwards,
// whichever server they come to.
func TestNoSessionOutlivesABan(t *testing.T) {
	t.Parallel()
	a := authtest.New(t, with("", ""))
	b := authtest.New(t, with("", ""), authtest.Beside(a))
	boss, ann := signUpAdmin(t, a, "boss"), signUp(t, a, "ann")
	for range 3 {
		statuses := make([]int, 12)
		authtest.Together(len(statuses)+1, func(i int) {
			if i == len(statuses) {
				_, _ = boss.Try(boss.Request(http.MethodPost, "/admin/ban-user", "application/json", `{"userId":"`+ann.id+`"}`))
				return
			}
			c := []*authtest.Server{a, b}[i%2].Client()
			if answer, err := c.Try(c.Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+ann.email+`","password":"`+password+`"}`)); err == nil {
				statuses[i] = answer.Status
			}
		})
		for _, status := range statuses {
			if status != http.StatusOK && status != http.StatusForbidden && status != http.StatusServiceUnavailable {
				t.Errorf("a sign-in gives %d", status)
			}
		}
		if n := a.Count(`select count(*) from session where "userId" = $1`, ann.id); n != 0 {
			t.Errorf("%d sessions outlive the ban", n)
		}
		boss.Post("/admin/unban-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
	}
}

func TestAnAdministratorsWorkIsWrittenDown(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	before := len(s.Events())
	boss.Post("/admin/set-role", map[string]any{"userId": ann.id, "role": []string{"user", "admin"}}).Is(http.StatusOK)
	boss.Post("/admin/update-user", map[string]any{"userId": ann.id, "data": map[string]any{"name": "A", "role": "user"}}).Is(http.StatusOK)
	boss.Post("/admin/ban-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
	boss.Post("/admin/unban-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
	var got []string
	for _, e := range s.Events()[before:] {
		got = append(got, e.Event)
		if e.ActorID != boss.id || e.UserID != ann.id {
			t.Errorf("%s by %s about %s", e.Event, e.ActorID, e.UserID)
		}
	}
	want := "user-role-set user-updated user-role-set user-banned session-revoked user-unbanned"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
