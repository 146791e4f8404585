package server_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// A request with a cookie must come from a trusted page (contract 01, 8.1);
// without one there is nothing to protect.
func TestOriginOfRequestsWithCookies(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"trustedOrigins: ['https://*.app.test']\n")
	tests := []struct {
		name   string
		header map[string]string
		want   string
	}{
		{"own origin", map[string]string{"Cookie": "x=y", "Origin": s.URL}, "200"},
		{"trusted origin", map[string]string{"Cookie": "x=y", "Origin": "https://a.app.test"}, "200"},
		{"foreign origin", map[string]string{"Cookie": "x=y", "Origin": "https://evil.test"}, "403 INVALID_ORIGIN"},
		{"look-alike", map[string]string{"Cookie": "x=y", "Origin": s.URL + ".evil.test"}, "403 INVALID_ORIGIN"},
		{"relative", map[string]string{"Cookie": "x=y", "Origin": "/"}, "403 INVALID_ORIGIN"},
		{"none", map[string]string{"Cookie": "x=y"}, "403 MISSING_OR_NULL_ORIGIN"},
		{"empty cookie header", map[string]string{"Cookie": ""}, "403 MISSING_OR_NULL_ORIGIN"},
		{"opaque", map[string]string{"Cookie": "x=y", "Origin": "null"}, "403 MISSING_OR_NULL_ORIGIN"},
		{"opaque, on this site", map[string]string{"Cookie": "x=y", "Origin": "null", "Sec-Fetch-Site": "same-origin"}, "200"},
		{"opaque, on another site", map[string]string{"Cookie": "x=y", "Origin": "null", "Sec-Fetch-Site": "cross-site"}, "403 MISSING_OR_NULL_ORIGIN"},
		{"trusted referrer", map[string]string{"Cookie": "x=y", "Referer": s.URL + "/page?x"}, "200"},
		{"foreign referrer", map[string]string{"Cookie": "x=y", "Referer": "https://evil.test/" + s.URL}, "403 INVALID_ORIGIN"},
		{"origin beats referrer", map[string]string{"Cookie": "x=y", "Origin": "https://evil.test", "Referer": s.URL}, "403 INVALID_ORIGIN"},
		{"no cookie, foreign origin", map[string]string{"Origin": "https://evil.test"}, "200"},
		{"no cookie, no origin", nil, "200"},
	}
	for _, tt := range tests {
		got := told(t, sent{http.MethodPost, "/sign-out", tt.header, ""}.send(s))
		if got == `200 {"success":true}` {
			got = "200"
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What stands for an opaque origin is the host that was asked, which must be
// trusted like any other; and two origins are none.
func TestOriginsThatBrowsersDoNotSend(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	r := s.Client().Request(http.MethodPost, "/sign-out", "", "")
	r.Header = http.Header{"Cookie": {"x=y"}, "Origin": {"null"}, "Sec-Fetch-Site": {"same-origin"}}
	r.Host = "evil.test"
	s.Client().Send(r).Code(http.StatusForbidden, "INVALID_ORIGIN")
	r = s.Client().Request(http.MethodPost, "/sign-out", "", "")
	r.Header = http.Header{"Cookie": {"x=y"}, "Origin": {s.URL, "https://evil.test"}}
	s.Client().Send(r).Code(http.StatusForbidden, "INVALID_ORIGIN")
}

// Signing in is protected before there is a cookie (contract 01, 8.2).
func TestOriginOfSignIns(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	const refused = "401 INVALID_EMAIL_OR_PASSWORD" // the check has let it pass
	tests := []struct {
		name   string
		header map[string]string
		want   string
	}{
		{"a program", nil, refused},
		{"own page, no metadata", map[string]string{"Origin": s.URL}, refused},
		{"foreign page, no metadata", map[string]string{"Origin": "https://evil.test"}, "403 INVALID_ORIGIN"},
		{"own page", map[string]string{"Origin": s.URL, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, refused},
		{"foreign page", map[string]string{"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, "403 INVALID_ORIGIN"},
		{"metadata without origin", map[string]string{"Sec-Fetch-Dest": "empty"}, "403 MISSING_OR_NULL_ORIGIN"},
		{"blank metadata", map[string]string{"Sec-Fetch-Dest": " "}, refused},
	}
	for _, tt := range tests {
		header := map[string]string{"Content-Type": "application/json"}
		maps.Copy(header, tt.header)
		body := `{"email":"nobody@example.test","password":"a long password"}`
		if got := told(t, sent{http.MethodPost, "/sign-in/email", header, body}.send(s)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Every member that could send a browser somewhere is judged on every POST.
func TestRedirectTargets(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	tests := []struct{ query, body, want string }{
		{"", `{"callbackURL":"https://evil.test"}`, "403 INVALID_CALLBACK_URL"},
		{"", `{"redirectTo":"https://evil.test"}`, "403 INVALID_REDIRECT_URL"},
		{"", `{"errorCallbackURL":"https://evil.test"}`, "403 INVALID_ERROR_CALLBACK_URL"},
		{"", `{"newUserCallbackURL":"https://evil.test"}`, "403 INVALID_NEW_USER_CALLBACK_URL"},
		{"?callbackURL=https://evil.test", `{}`, "403 INVALID_CALLBACK_URL"},
		{"?callbackURL=https://evil.test", `{"callbackURL":"/home"}`, `200 {"success":true}`},
		{"", `{"callbackURL":""}`, `200 {"success":true}`},
		{"", `{"callbackURL":{}}`, `400 {"message":"Invalid callbackURL: expected a string"}`},
		{"", `{"redirectTo":1}`, `400 {"message":"Invalid redirectURL: expected a string"}`},
	}
	for _, tt := range tests {
		a := sent{http.MethodPost, "/sign-out" + tt.query, map[string]string{"Content-Type": "application/json"}, tt.body}.send(s)
		if got := told(t, a); got != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.query, tt.body, got, tt.want)
		}
	}
}
