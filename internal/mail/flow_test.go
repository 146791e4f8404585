package mail_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/mail/smtptest"
)

const resetting = `
emailAndPassword: {enabled: true, sendResetPassword: true}
rateLimit: {enabled: false}
`

// link finds the link in the text of a mail.
func link(t *testing.T, m smtptest.Mail) *url.URL {
	t.Helper()
	read, err := mail.ReadMessage(strings.NewReader(m.Data))
	if err != nil {
		t.Fatal(err)
	}
	body := io.Reader(read.Body)
	if _, boundary, found := strings.Cut(read.Header.Get("Content-Type"), "boundary="); found {
		part, err := multipart.NewReader(read.Body, strings.Trim(strings.TrimSpace(boundary), `"`)).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body = part
	}
	text, err := io.ReadAll(quotedprintable.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(regexp.MustCompile(`https?://\S+`).FindString(string(text)))
	if err != nil || u.Host == "" {
		t.Fatalf("no link in %s: %v", text, err)
	}
	return u
}

// A mailed link sets a new password, and the mail is in the language of the
// browser that asked for it.
func TestAMailedLinkSetsAPassword(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sendResetPassword.de.txt"), []byte("Subject: Neues Passwort\n\n{{.URL}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := smtptest.New(t, smtptest.Options{})
	messaging := strings.Replace(smtpMessaging(server), "from:", "templates: '"+folder+"', from:", 1)
	s := authtest.New(t, resetting+messaging, authtest.Delivering())
	s.Client().SignUp("ann@example.test")
	c := s.Client()
	c.Header.Set("Accept-Language", "de-CH, en;q=0.5")
	c.Post("/request-password-reset", `{"email":"Ann@example.test","redirectTo":"/new"}`).Is(http.StatusOK)
	eventually(t, 15*time.Second, "the mail", func() bool { return len(server.Mails()) == 1 })
	m := server.Mails()[0]
	if m.To != "ann@example.test" || !strings.Contains(m.Data, "Subject: Neues Passwort\r\n") {
		t.Errorf("the mail is %+v", m)
	}
	path := strings.TrimPrefix(link(t, m).String(), s.Base)
	target, err := url.Parse(c.Get(path).Is(http.StatusFound).Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]string{"token": target.Query().Get("token"), "newPassword": "another " + authtest.Password}
	c.Post("/reset-password", body).Is(http.StatusOK)
	c.Post("/sign-in/email", map[string]string{"email": "ann@example.test", "password": body["newPassword"]}).Is(http.StatusOK)
}

// Whether the mail server works, and whether there is somebody to write to,
// shows neither in the answer nor in its time.
func TestRequestsDoNotWaitForTheMailServer(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t, smtptest.Options{})
	server.Fail(server.Stall(smtptest.Hello))
	s := authtest.New(t, resetting+smtpMessaging(server), authtest.Delivering())
	s.Client().SignUp("ann@example.test")
	var answers []string
	for _, email := range []string{"ann@example.test", "nobody@example.test", "ann@example.test", "nobody@example.test"} {
		started := time.Now()
		a := s.Client().Post("/request-password-reset", map[string]string{"email": email})
		if took := time.Since(started); took > 3*time.Second {
			t.Errorf("the answer took %s", took)
		}
		header, _ := json.Marshal(keys(a.Header))
		answers = append(answers, fmt.Sprint(a.Status, a.Text, string(header)))
	}
	for _, a := range answers[1:] {
		if a != answers[0] {
			t.Errorf("answers %q", answers)
		}
	}
	if n := s.Count(`select count(*) from sallyport.river_job`); n != 4 || len(s.Messages()) != 2 {
		t.Errorf("%d jobs, %d messages", n, len(s.Messages()))
	}
}

// keys gives the names of a header's fields.
func keys(h http.Header) map[string]int {
	names := map[string]int{}
	for name, values := range h {
		names[name] = len(values)
	}
	return names
}
