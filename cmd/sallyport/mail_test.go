package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/sallyport-auth/sallyport/internal/mail/smtptest"
)

func TestMailTest(t *testing.T) {
	t.Parallel()
	s := smtptest.New(t, smtptest.Options{Auth: []string{"LOGIN"}})
	o := newOperator(t)
	o.env["MAIL_PASSWORD"] = "p%3Ass%2Fw%20rd"
	o.configure("appName: Acme\nmessaging: {from: no-reply@acme.test, smtp: {url: 'smtp://postmaster%40mail.test:${MAIL_PASSWORD}@" + s.Addr + "'}}\n")
	says(t, o.run("mail", "test", "--to", "ann@example.test").exits(0).stdout, "sent to ann@example.test\n")
	got := s.Mails()
	if len(got) != 1 || got[0].To != "ann@example.test" || !strings.Contains(got[0].Data, "Subject: A test message from Acme") {
		t.Errorf("got %+v", got)
	}
	producer := newProducer(t)
	producer.configure("messaging: {from: a@acme.test, smtp: {url: 'smtp://postmaster%40mail.test:wrong@" + s.Addr + "'}}\n")
	says(t, producer.run("check").exits(exitFailed).stdout, "error    messaging: mails go through 127.0.0.1, port ", "the server answered 535")
	s.Fail(smtptest.Refuse(smtptest.To, 550, smtp.EnhancedCode{5, 7, 1}))
	says(t, o.run("mail", "test", "--to", "ann@example.test").exits(exitFailed).complaint(), "the message was not sent: refused: sending SMTP RCPT TO command: 550 5.7.1")
	s.Stop()
	says(t, o.run("mail", "test", "--to", "ann@example.test").exits(exitFailed).complaint(), "the message was not sent: not reachable", "connection refused")
}

func TestMailTestWithoutAWayToSend(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	says(t, o.run("mail", "test", "--to", "ann@example.test").exits(exitFailed).complaint(), "set messaging.smtp.url and messaging.from, or messaging.webhook")
	o.configure("messaging: {smtp: {url: 'smtp://ann:" + hidden + "@mail.test?tls=none'}}\n")
	o.run("mail", "test", "--to", "ann@example.test").exits(exitFailed)
}

func TestMailPreview(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.configure("appName: Acme\nmessaging: {templates: words}\n")
	folder := filepath.Join(o.dir, "words")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	german := filepath.Join(folder, "sendResetPassword.de.txt")
	if err := os.WriteFile(german, []byte("Subject: Neues Passwort für {{.AppName}}\n\nHallo {{.User.name}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, o.run("mail", "preview").exits(0).stdout, "onPasswordReset\n", "sendResetPassword\n", "sendVerificationEmail\n")
	says(t, o.run("mail", "preview", "sendResetPassword").exits(0).stdout, "Subject: Choose a new password for Acme\n", "\nhttps://auth.example.com/")
	says(t, o.run("mail", "preview", "sendResetPassword", "--locale", "de").exits(0).stdout, "Subject: Neues Passwort für Acme\n\nHallo Ann Example\n")
	says(t, o.run("mail", "preview", "sendReset").exits(exitFailed).complaint(), "no template for the message sendReset: the messages are onExistingUserSignUp")
	o.run("mail", "preview", "sendResetPassword", "--format", "html", "--out", "page.html").exits(0)
	page, err := os.ReadFile(filepath.Join(o.dir, "page.html"))
	if err != nil || !strings.Contains(string(page), "<!doctype html>") {
		t.Errorf("the file holds %s, %v", page, err)
	}
	if err := os.WriteFile(german, []byte("Subject: x\n\n{{.Lnk}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, o.run("mail", "preview").exits(exitFailed).complaint(), "words/sendResetPassword.de.txt:3:")
}
