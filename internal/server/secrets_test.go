package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// newSecret puts a new secret before that of tests, which is then an old one.
const newSecret = "secrets: [{version: 2, value: a-new-secret-for-tests-9876543210-ABCDEFG}]"

// signedByTheOldSecret tells whether a cookie from before the change is a session.
func signedByTheOldSecret(s *authtest.Server) string {
	_, a := signUp(s, nil)
	old, err := secure.NewSecrets(authtest.Secret, nil)
	if err != nil {
		return err.Error()
	}
	token, _ := a.JSON()["token"].(string)
	return withCookie(s, "better-auth.session_token="+url.QueryEscape(old.Sign(token)))
}

func withCookie(s *authtest.Server, cookie string) string {
	a := sent{http.MethodGet, "/get-session", map[string]string{"Cookie": cookie}, ""}.send(s)
	if a.Text == "null" {
		return "none"
	}
	return "a session"
}

// A server whose secret is new takes what one with the old secret gave out, unless
// it is told not to.
func TestWhatAnOldSecretSigned(t *testing.T) {
	t.Parallel()
	const options = "baseURL: http://auth.test\nemailAndPassword: {enabled: true}\nemailVerification: {sendVerificationEmail: true, sendOnSignUp: true}\n" +
		"rateLimit: {enabled: false}\nplugins: {bearer: {requireSignature: true}}\nsession: {cookieCache: {enabled: true}}\n"
	before := authtest.New(t, options)
	refuses := authtest.New(t, options+newSecret+"\nserver: {acceptOldSecrets: false}\n", authtest.Beside(before))
	accepts := authtest.New(t, options+newSecret+"\n", authtest.Beside(before))
	_, a := signUp(before, nil)
	var cookies []string
	for _, line := range a.Header["Set-Cookie"] {
		pair, _, _ := strings.Cut(line, ";")
		cookies = append(cookies, pair)
	}
	bearer := map[string]string{"Authorization": "Bearer " + a.Header.Get("set-auth-token")}
	link := "/verify-email?token=" + before.LastMessage("sendVerificationEmail").Token()
	for _, s := range []*authtest.Server{refuses, accepts} {
		accepted := s == accepts
		if got := withCookie(s, strings.Join(cookies, "; ")); (got == "a session") != accepted {
			t.Errorf("cookies are %s, accepted: %t", got, accepted)
		}
		if got := (sent{http.MethodGet, "/get-session", bearer, ""}).send(s).Text; (got != "null") != accepted {
			t.Errorf("a bearer token is answered %s, accepted: %t", got, accepted)
		}
		if got := s.Client().Get(link).Status; (got == http.StatusOK) != accepted {
			t.Errorf("a link is answered %d, accepted: %t", got, accepted)
		}
	}
	// What it gives out itself is signed by the new one.
	_, a = signUp(accepts, nil)
	pair, _, _ := strings.Cut(setCookie(a, "session_token"), ";")
	if withCookie(refuses, pair) != "a session" || withCookie(before, pair) != "none" {
		t.Error("a new cookie is not signed by the new secret")
	}
	// A secret that was never configured is none that is old.
	stranger, err := secure.NewSecrets(strings.Repeat("x", 40), nil)
	if err != nil {
		t.Fatal(err)
	}
	token, _ := a.JSON()["token"].(string)
	if withCookie(accepts, "better-auth.session_token="+url.QueryEscape(stranger.Sign(token))) != "none" {
		t.Error("a foreign secret signs")
	}
}
