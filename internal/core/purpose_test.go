package core_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const allThatMintTokens = `
emailAndPassword: {enabled: true, sendResetPassword: true}
emailVerification: {sendVerificationEmail: true}
user: {changeEmail: {enabled: true, sendChangeEmailConfirmation: true}, deleteUser: {enabled: true, sendDeleteAccountVerification: true}}
rateLimit: {enabled: false}
plugins: {jwt: {}, bearer: {}, twoFactor: {otpOptions: {sendOTP: true}}, admin: {}}
session: {cookieCache: {enabled: true, strategy: `

// holder is somebody who has a token of one kind.
type holder struct {
	t *testing.T
	s *authtest.Server
	// client is signed in; ghost is a signed session token whose session is gone.
	client *authtest.Client
	email  string
	ghost  string
	// copied is what the cookie cache held of ghost's session.
	copied string
	token  string
}

// mint is a kind of token: how one is made, and the doors it opens.
type mint struct {
	kind  string
	make  func(h *holder) string
	opens []string
}

var mints = []mint{
	{"session token", func(h *holder) string { return bare(unescape(h.t, h.client.Cookie("session_token"))) }, []string{"bearer", "revoke-session"}},
	{"signed session token", func(h *holder) string { return unescape(h.t, h.client.Cookie("session_token")) }, []string{"session cookie", "bearer"}},
	{"copy of a session", func(h *holder) string { return h.copied }, []string{"session copy"}},
	{"reset token", func(h *holder) string {
		h.post("/request-password-reset", map[string]any{"email": h.email})
		return h.s.LastMessage("sendResetPassword").Token()
	}, []string{"reset-password", "reset-password by query", "reset link"}},
	{"token of a verification link", func(h *holder) string {
		h.post("/send-verification-email", map[string]any{"email": h.email})
		return h.s.LastMessage("sendVerificationEmail").Token()
	}, []string{"verify-email"}},
	{"token of a change by an unproven address", func(h *holder) string {
		h.post("/change-email", map[string]any{"newEmail": "new-" + h.email})
		return h.s.LastMessage("sendVerificationEmail").Token()
	}, []string{"verify-email"}},
	{"token of a change by a proven address", func(h *holder) string {
		h.s.Exec(`update "user" set "emailVerified" = true where email = $1`, h.email)
		h.post("/change-email", map[string]any{"newEmail": "newer-" + h.email})
		return h.s.LastMessage("sendChangeEmailConfirmation").Token()
	}, []string{"verify-email"}},
	{"deletion token", func(h *holder) string {
		h.post("/delete-user", map[string]any{})
		return h.s.LastMessage(deletionEvent).Token()
	}, []string{"delete-user", "deletion link"}},
	{"sign-in that waits for a second factor", func(h *holder) string {
		return unescape(h.t, h.waiting().Cookie("two_factor"))
	}, []string{"second factor"}},
	{"ticket of a trusted browser", func(h *holder) string {
		c := h.waiting()
		c.Post("/two-factor/send-otp", map[string]any{}).Is(http.StatusOK)
		code := h.s.LastMessage("sendOTP").Text("otp")
		c.Post("/two-factor/verify-otp", map[string]any{"code": code, "trustDevice": true}).Is(http.StatusOK)
		return unescape(h.t, c.Cookie("trust_device"))
	}, nil},
	{"way back of an administrator", func(h *holder) string {
		somebody := h.s.Client().SignUp("other-" + h.email).JSON()["user"].(map[string]any)["id"]
		h.s.Exec(`update "user" set role = 'admin' where email = $1`, h.email)
		h.post("/admin/impersonate-user", map[string]any{"userId": somebody})
		return unescape(h.t, h.client.Cookie("admin_session"))
	}, nil},
	{"token of the jwt plugin", func(h *holder) string {
		return h.client.Get("/token").Is(http.StatusOK).JSON()["token"].(string)
	}, nil},
}

// door is an endpoint that takes a token, and tells whether it let somebody in.
type door struct {
	name string
	open func(h *holder) bool
}

var doors = []door{
	{"session cookie", func(h *holder) bool { return h.seen("Cookie", "better-auth.session_token="+url.QueryEscape(h.token)) }},
	{"session copy", func(h *holder) bool {
		return h.seen("Cookie", "better-auth.session_token="+url.QueryEscape(h.ghost)+"; better-auth.session_data="+url.QueryEscape(h.token))
	}},
	{"second factor", func(h *holder) bool {
		c := h.s.Client()
		r := c.Request(http.MethodPost, "/two-factor/send-otp", "application/json", "{}")
		r.Header.Set("Cookie", "better-auth.two_factor="+url.QueryEscape(h.token))
		return c.Send(r).Status == http.StatusOK
	}},
	{"bearer", func(h *holder) bool { return h.seen("Authorization", "Bearer "+h.token) }},
	{"reset link", func(h *holder) bool {
		a := h.s.Client().Get("/reset-password/" + url.PathEscape(h.token) + "?callbackURL=/new")
		return strings.Contains(a.Header.Get("Location"), "token=")
	}},
	{"verify-email", func(h *holder) bool {
		a := h.s.Client().Get("/verify-email?token=" + url.QueryEscape(h.token))
		return a.Status < 300 || a.Status < 400 && !strings.Contains(a.Header.Get("Location"), "error=")
	}},
	{"revoke-session", func(h *holder) bool {
		before := h.sessions()
		h.client.Post("/revoke-session", map[string]any{"token": h.token})
		return h.sessions() < before
	}},
	{"deletion link", func(h *holder) bool {
		return h.client.Get("/delete-user/callback?token="+url.QueryEscape(h.token)).Status < 400
	}},
	{"delete-user", func(h *holder) bool {
		return h.client.Post("/delete-user", map[string]any{"token": h.token}).Status < 400
	}},
	{"reset-password by query", func(h *holder) bool {
		return h.s.Client().Post("/reset-password?token="+url.QueryEscape(h.token), map[string]any{"newPassword": "new password"}).Status < 400
	}},
	{"reset-password", func(h *holder) bool {
		return h.s.Client().Post("/reset-password", map[string]any{"token": h.token, "newPassword": "new password"}).Status < 400
	}},
}

// Nothing made for one purpose serves another: every kind of token is tried at
// every door that takes one. That its own doors stay open to it shows that it
// was a good one all along.
func TestTokensServeTheirOwnPurposeAlone(t *testing.T) {
	t.Parallel()
	for _, strategy := range []string{"compact", "jwt", "jwe"} {
		for _, m := range mints {
			t.Run(strategy+"/"+m.kind, func(t *testing.T) {
				t.Parallel()
				s := authtest.New(t, allThatMintTokens+strategy+"}}\n")
				if len(m.opens) == 0 {
					newHolder(t, s, m, "ann@example.test").tryStrangeDoors(m)
				}
				for i, own := range m.opens {
					h := newHolder(t, s, m, fmt.Sprintf("ann%d@example.test", i))
					h.tryStrangeDoors(m)
					if i := slices.IndexFunc(doors, func(d door) bool { return d.name == own }); !doors[i].open(h) {
						t.Errorf("%s is closed to a %s", own, m.kind)
					}
				}
			})
		}
	}
}

func newHolder(t *testing.T, s *authtest.Server, m mint, email string) *holder {
	t.Helper()
	h := &holder{t: t, s: s, client: s.Client(), email: email}
	h.client.SignUp(email)
	c := s.Client()
	c.Post("/sign-in/email", credentials(email)).Is(http.StatusOK)
	h.ghost, h.copied = unescape(t, c.Cookie("session_token")), unescape(t, c.Cookie("session_data"))
	s.Exec("delete from session where token = $1", bare(h.ghost))
	h.token = m.make(h)
	return h
}

// tryStrangeDoors carries the token to the doors that are not its own.
func (h *holder) tryStrangeDoors(m mint) {
	h.t.Helper()
	for _, d := range doors {
		if !slices.Contains(m.opens, d.name) && d.open(h) {
			h.t.Errorf("%s is open to a %s", d.name, m.kind)
		}
	}
}

func (h *holder) post(path string, body map[string]any) {
	h.t.Helper()
	h.client.Post(path, body).Is(http.StatusOK)
}

// waiting gives a browser in which the holder, who has a second factor from now
// on, has given the password.
func (h *holder) waiting() *authtest.Client {
	h.t.Helper()
	h.post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": "otp"})
	c := h.s.Client()
	c.Post("/sign-in/email", credentials(h.email)).Is(http.StatusOK)
	return c
}

// seen tells whether a request with that header alone has a session.
func (h *holder) seen(header, value string) bool {
	h.t.Helper()
	c := h.s.Client()
	r := c.Request(http.MethodGet, "/get-session", "", "")
	r.Header.Set(header, value)
	a := c.Send(r)
	return a.Status == http.StatusOK && a.Text != "null"
}

func (h *holder) sessions() int {
	h.t.Helper()
	return h.s.Count("select count(*) from session")
}

// bare is what a signed value was signed over.
func bare(signed string) string {
	value, _, _ := strings.Cut(signed, ".")
	return value
}

func unescape(t *testing.T, cookie string) string {
	t.Helper()
	value, err := url.PathUnescape(cookie)
	if err != nil || value == "" {
		t.Fatalf("no cookie: %q %v", cookie, err)
	}
	return value
}
