package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func (p *person) impersonate(id string) *authtest.Answer {
	return p.Post("/admin/impersonate-user", map[string]any{"userId": id})
}

func TestAnImpersonationEndsAsItWasMade(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]time.Duration{"": time.Hour, "impersonationSessionDuration: 30m": 30 * time.Minute} {
		// A session is extended at every look at it.
		s := authtest.New(t, with(options, "session: {expiresIn: 7d, updateAge: 0}"))
		ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
		s.Clock.Stop()
		token := ann.impersonate(bob.id).Is(http.StatusOK).Header.Get("set-auth-token")
		// Without cookies nothing tells that the browser is to forget it.
		plain := s.Client()
		plain.Header.Set("Authorization", "Bearer "+token)
		s.Clock.Advance(want - time.Second)
		for _, c := range []*authtest.Client{ann.Client, plain} {
			if got := who(c); got != "Bob" {
				t.Errorf("%s: just before the end it is %q", options, got)
			}
		}
		s.Clock.Advance(2 * time.Second)
		for _, c := range []*authtest.Client{ann.Client, plain} {
			if got := who(c); got != "" {
				t.Errorf("%s: after the end it is %q", options, got)
			}
		}
	}
}

func TestAdminsAreImpersonatedByWhoMay(t *testing.T) {
	t.Parallel()
	const roles = "roles: {admin: {user: [impersonate]}, boss: {user: [impersonate, impersonate-admins]}, user: {}}"
	for options, want := range map[string]map[string]int{
		"":                               {"admin": http.StatusForbidden, "user": http.StatusForbidden},
		"allowImpersonatingAdmins: true": {"admin": http.StatusOK, "user": http.StatusForbidden},
		roles:                            {"admin": http.StatusForbidden, "boss": http.StatusOK},
		roles + ", adminRoles: boss":     {"admin": http.StatusOK},
		"allowImpersonatingAdmins: false, adminRoles: [admin, user]": {"admin": http.StatusForbidden},
	} {
		s := authtest.New(t, with(options, ""))
		bob := signUpAdmin(t, s, "Bob")
		for role, status := range want {
			ann := signUp(t, s, "Ann."+role)
			s.Exec(`update "user" set role = $2 where id = $1`, ann.id, role)
			if got := ann.impersonate(bob.id); got.Status != status {
				t.Errorf("%s: %s gets %d %s, want %d", options, role, got.Status, got.Text, status)
			}
		}
	}
}

// What stop-impersonating goes back to must be a live session of who began it.
func TestOnlyALiveSessionOfTheAdminIsRestored(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	bob := signUp(t, s, "Bob")
	cem := signUpAdmin(t, s, "Cem")
	for name, spoil := range map[string]func(ann *person, r *http.Request){
		"ended": func(ann *person, _ *http.Request) {
			s.Exec(`update session set "expiresAt" = now() - interval '1 minute' where token = $1`, ann.token)
		},
		"revoked": func(ann *person, _ *http.Request) { s.Exec(`delete from session where token = $1`, ann.token) },
		"somebody else's": func(ann *person, _ *http.Request) {
			s.Exec(`update session set "userId" = $2 where token = $1`, ann.token, cem.id)
		},
		"no cookie": func(_ *person, r *http.Request) { leaveOut(r, "better-auth.admin_session") },
		"another signature": func(ann *person, r *http.Request) {
			leaveOut(r, "better-auth.admin_session")
			r.Header.Set("Cookie", r.Header.Get("Cookie")+"; better-auth.admin_session="+ann.token+"%3A.AAAA")
		},
	} {
		ann := signUpAdmin(t, s, "Ann."+strings.Fields(name)[0])
		ann.impersonate(bob.id).Is(http.StatusOK)
		r := ann.Request(http.MethodPost, "/admin/stop-impersonating", "application/json", "{}")
		r.Header.Set("Cookie", strings.Join([]string{
			"better-auth.session_token=" + ann.Cookie("session_token"), "better-auth.admin_session=" + ann.Cookie("admin_session"),
		}, "; "))
		spoil(ann, r)
		bare := s.Client()
		if got := bare.Send(r).Is(http.StatusBadRequest).Text; got != `{"message":"Failed to find admin session"}` {
			t.Errorf("%s: %s", name, got)
		}
		if got := who(ann.Client); got != "Bob" {
			t.Errorf("%s: afterwards it is %q", name, got)
		}
	}
}

// leaveOut takes a cookie out of a request.
func leaveOut(r *http.Request, name string) {
	var kept []string
	for pair := range strings.SplitSeq(r.Header.Get("Cookie"), "; ") {
		if !strings.HasPrefix(pair, name+"=") {
			kept = append(kept, pair)
		}
	}
	r.Header.Set("Cookie", strings.Join(kept, "; "))
}

func TestTheLogNamesWhoImpersonates(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
	ann.impersonate(bob.id).Is(http.StatusOK)
	ann.Post("/update-user", map[string]any{"name": "Bobby"}).Is(http.StatusOK)
	ann.Post("/admin/stop-impersonating", "{}").Is(http.StatusOK)
	ann.Post("/update-user", map[string]any{"name": "Anny"}).Is(http.StatusOK)
	for where, args := range map[string][]any{
		"event = 'user-impersonated' and actor_id = $1 and user_id = $2 and details ? 'session'":                     {ann.id, bob.id},
		"event = 'user-updated' and actor_id = $2 and user_id = $2 and details->>'impersonatedBy' = $1":              {ann.id, bob.id},
		"event = 'impersonation-ended' and actor_id = $1 and user_id = $2 and details->>'impersonatedBy' = actor_id": {ann.id, bob.id},
		"event = 'user-updated' and actor_id = $1 and not details ? 'impersonatedBy'":                                {ann.id},
	} {
		if n := s.Count("select count(*) from sallyport.audit where "+where, args...); n != 1 {
			t.Errorf("%d rows with %s", n, where)
		}
	}
}

// An address from which an administrator acts as a user is not one that the user
// signs in from.
func TestAnImpersonationMakesNoAddressKnown(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
	before := s.Count("select count(*) from sallyport.known_address")
	ann.impersonate(bob.id).Is(http.StatusOK)
	if n := s.Count("select count(*) from sallyport.known_address"); n != before {
		t.Errorf("%d addresses are known, there were %d", n, before)
	}
}

func TestUsersDoNotSeeWhoImpersonatesThem(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	ann, bob := signUpAdmin(t, s, "Ann"), signUp(t, s, "Bob")
	ann.impersonate(bob.id).Is(http.StatusOK)
	if text := bob.Get("/list-sessions").Is(http.StatusOK).Text; strings.Count(text, `"token"`) != 1 || strings.Contains(text, ann.id) {
		t.Errorf("Bob sees %s", text)
	}
	if text := ann.Get("/list-sessions").Is(http.StatusOK).Text; strings.Count(text, `"token"`) != 1 {
		t.Errorf("Ann as Bob sees %s", text)
	}
}

func TestAnImpersonationIsNotPutOffByAChangeOfTheSecondFactor(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
plugins: {admin: {}, twoFactor: {allowPasswordless: true, skipVerificationOnEnable: true}}
`)
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	s.Exec(`delete from account where "userId" = $1`, ann.id)
	boss.Post("/admin/impersonate-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
	boss.Post("/two-factor/enable", map[string]any{}).Is(http.StatusOK)
	boss.Post("/two-factor/disable", map[string]any{}).Is(http.StatusOK)
	if n := s.Count(`select count(*) from session where "impersonatedBy" is not null and "expiresAt" > "createdAt" + interval '1 hour'`); n != 0 {
		t.Error("the impersonation goes on for longer than it was to")
	}
	if n := s.Count(`select count(*) from session where "impersonatedBy" = $1`, boss.id); n != 1 {
		t.Errorf("there are %d impersonations", n)
	}
}
