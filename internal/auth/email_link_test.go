package auth

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// linking gives what links are made with, at a time that stands still.
func linking(t *testing.T) (*Auth, *time.Time) {
	t.Helper()
	secrets, err := secure.NewSecrets("a-secret-for-tests-0123456789-ABCDEFGHIJ", nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 5e8)
	return &Auth{Secrets: secrets, BaseURL: "https://auth.test/api/auth", Now: func() time.Time { return now }}, &now
}

func TestEmailLink(t *testing.T) {
	t.Parallel()
	a, now := linking(t)
	link, err := a.NewEmailLink(EmailClaims{Email: "Ann@Example.test", UpdateTo: "Bob@example.test", RequestType: VerifyChange, UserID: "u"}, "https://app.test/x?a=b c", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(link.Token, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	want := `{"email":"ann@example.test","updateTo":"bob@example.test","requestType":"change-email-verification","userId":"u","iat":1800000000,"exp":1800003600}`
	if string(payload) != want {
		t.Errorf("payload %s", payload)
	}
	if want := "https://auth.test/api/auth/verify-email?token=" + link.Token + "&callbackURL=https%3A%2F%2Fapp.test%2Fx%3Fa%3Db%20c"; link.URL != want {
		t.Errorf("%s, want %s", link.URL, want)
	}
	if bare, _ := a.NewEmailLink(EmailClaims{Email: "a@b.test"}, "", time.Hour); !strings.HasSuffix(bare.URL, "&callbackURL=%2F") {
		t.Errorf("without a callback %s", bare.URL)
	}
	got, err := a.ReadEmailToken(link.Token)
	if err != nil || got.UpdateTo != "bob@example.test" || got.UserID != "u" {
		t.Errorf("%+v %v", got, err)
	}
	*now = now.Add(time.Hour)
	if _, err := a.ReadEmailToken(link.Token); !errors.Is(err, ErrTokenExpired) {
		t.Errorf("at its end: %v", err)
	}
}

// Whatever else the server's secret signs is no proof of an address.
func TestOtherTokensAreNoEmailTokens(t *testing.T) {
	t.Parallel()
	a, _ := linking(t)
	for _, payload := range []string{
		`{"session":{"userId":"u"},"user":{"email":"a@b.test"},"updatedAt":1,"version":"1","iat":1800000000,"exp":1800003600}`,
		`{"email":"a@b.test","sub":"u","iat":1800000000,"exp":1800003600}`,
		`{"iat":1800000000,"exp":1800003600}`, `{"email":"a","exp":1800003600}`, `{"email":"a@b.test"}`, `{"email":5,"exp":1800003600}`,
		`{"email":"a@b.test","requestType":"change-email-verification","userId":"u","exp":1800003600}`,
		`{"email":"a@b.test","updateTo":"c@d.test","exp":1800003600}`,
		`{"email":"a@b.test","updateTo":"c","userId":"u","exp":1800003600}`,
		`{"email":"a@b.test","updateTo":"c@d.test","requestType":"delete","userId":"u","exp":1800003600}`,
		`[]`, `null`, `"x"`, ``,
	} {
		if _, err := a.ReadEmailToken(jose.SignHS256(a.Secrets, []byte(payload))); !errors.Is(err, ErrInvalidToken) {
			t.Errorf("%s: %v", payload, err)
		}
	}
	for _, token := range []string{"", ".", "..", "x", "a.b.c"} {
		if _, err := a.ReadEmailToken(token); !errors.Is(err, ErrInvalidToken) {
			t.Errorf("%q: %v", token, err)
		}
	}
}
