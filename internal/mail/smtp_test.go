package mail

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/mail/smtptest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func letter(to string) *Letter {
	return &Letter{
		ID: "abcDEF123", Event: "sendResetPassword", Channel: Email, Recipient: to, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		Data: json.RawMessage(`{"user":{"name":"Ann"},"url":"https://auth.test/reset?a=b&c=d","token":"t"}`),
	}
}

// through gives the way through a test's server. The URL's query and user are
// those of the test.
func through(t *testing.T, s *smtptest.Server, scheme string, user *url.Userinfo, query string) *smtpSender {
	t.Helper()
	u := url.URL{Scheme: scheme, User: user, Host: s.Addr, RawQuery: query}
	cfg := Config{From: `"Ächme & Co" <no-reply@acme.test>`, SMTP: SMTPConfig{URL: config.NewSecret(u.String())}}
	senders, err := NewSenders(cfg, "Ächme", func() time.Time { return noon }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	sender := senders.email.(*smtpSender)
	sender.tls = s.TLS
	return sender
}

func TestMailsArriveAsTheyShould(t *testing.T) {
	t.Parallel()
	s := smtptest.New(t, smtptest.Options{})
	if err := through(t, s, "smtp", nil, "").Send(t.Context(), letter("ann@example.test")); err != nil {
		t.Fatal(err)
	}
	got := s.Mails()
	if len(got) != 1 || got[0].From != "no-reply@acme.test" || got[0].To != "ann@example.test" {
		t.Fatalf("got %+v", got)
	}
	m, err := mail.ReadMessage(strings.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "Ächme & Co" || subject != "Choose a new password for Ächme" {
		t.Errorf("from %v, subject %q, %v", from, subject, err)
	}
	for name, want := range map[string]string{
		"To": "<ann@example.test>", "Message-Id": "<abcDEF123@acme.test>", "Auto-Submitted": "auto-generated",
		"Date": "Mon, 23 Nov 2026 12:00:00 +0000", "Mime-Version": "1.0", "User-Agent": "", "X-Mailer": "",
	} {
		if have := m.Header.Get(name); have != want {
			t.Errorf("%s: %q, want %q", name, have, want)
		}
	}
	text, html := parts(t, m)
	if !strings.Contains(text, "\r\nhttps://auth.test/reset?a=b&c=d\r\n") || !strings.Contains(html, `href="https://auth.test/reset?a=b&amp;c=d"`) {
		t.Errorf("text %s\nhtml %s", text, html)
	}
}

// parts takes a multipart/alternative apart: the text first, as the standard
// has it, and the HTML.
func parts(t *testing.T, m *mail.Message) (text, html string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	var bodies []string
	for _, want := range []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"} {
		p, err := r.NextRawPart()
		if err != nil || p.Header.Get("Content-Type") != want {
			t.Fatalf("part %v, %v", p, err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	return bodies[0], bodies[1]
}

func TestEncryptionAndAuthentication(t *testing.T) {
	t.Parallel()
	right := url.UserPassword(smtptest.User, smtptest.Password)
	wrong := url.UserPassword(smtptest.User, "wrong")
	for name, c := range map[string]struct {
		o      smtptest.Options
		scheme string
		user   *url.Userinfo
		query  string
		fails  string
	}{
		"STARTTLS":                     {smtptest.Options{TLS: true}, "smtp", nil, "tls=required", ""},
		"no STARTTLS":                  {smtptest.Options{}, "smtp", nil, "tls=required", "does not support STARTTLS"},
		"optional STARTTLS":            {smtptest.Options{TLS: true}, "smtp", nil, "tls=optional", ""},
		"no optional STARTTLS":         {smtptest.Options{}, "smtp", nil, "tls=optional", ""},
		"TLS":                          {smtptest.Options{Implicit: true}, "smtps", nil, "", ""},
		"no TLS":                       {smtptest.Options{}, "smtps", nil, "", "TLS"},
		"PLAIN":                        {smtptest.Options{TLS: true, Auth: []string{"PLAIN"}}, "smtp", right, "tls=required", ""},
		"LOGIN":                        {smtptest.Options{TLS: true, Auth: []string{"LOGIN"}}, "smtp", right, "tls=required", ""},
		"PLAIN by TLS":                 {smtptest.Options{Implicit: true, Auth: []string{"PLAIN", "LOGIN"}}, "smtps", right, "", ""},
		"PLAIN on this machine":        {smtptest.Options{Auth: []string{"PLAIN"}}, "smtp", right, "", ""},
		"a wrong password":             {smtptest.Options{TLS: true, Auth: []string{"PLAIN"}}, "smtp", wrong, "tls=required", "the server answered 535"},
		"a server that knows no login": {smtptest.Options{TLS: true}, "smtp", right, "tls=required", "AUTH"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := smtptest.New(t, c.o)
			sender := through(t, s, c.scheme, c.user, c.query)
			if err := sender.check(t.Context()); (err == nil) != (c.fails == "") {
				t.Errorf("without a mail: %v", err)
			}
			err := sender.Send(t.Context(), letter("ann@example.test"))
			switch {
			case c.fails == "" && (err != nil || len(s.Mails()) != 1):
				t.Errorf("%v, %d mails", err, len(s.Mails()))
			case c.fails != "" && (!errors.Is(err, ErrDown) || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "postmaster@")):
				t.Errorf("got %v", err)
			}
		})
	}
}

// A certificate that is not valid for the host ends the attempt.
func TestAnotherCertificateIsNotTaken(t *testing.T) {
	t.Parallel()
	for scheme, query := range map[string]string{"smtp": "tls=required", "smtps": ""} {
		s := smtptest.New(t, smtptest.Options{TLS: scheme == "smtp", Implicit: scheme == "smtps"})
		sender := through(t, s, scheme, nil, query)
		sender.tls = nil
		if err := sender.Send(t.Context(), letter("ann@example.test")); !errors.Is(err, ErrDown) || len(s.Mails()) != 0 {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

// What went wrong decides what becomes of the message, and is told without
// anybody's address.
func TestFailuresAreGraded(t *testing.T) {
	t.Parallel()
	s := smtptest.New(t, smtptest.Options{})
	sender := through(t, s, "smtp", nil, "")
	for name, c := range map[string]struct {
		fault smtptest.Fault
		want  error // nil for a failure that is neither
	}{
		"a greeting of 421":    {smtptest.Refuse(smtptest.Hello, 421, smtp.EnhancedCode{4, 3, 2}), ErrDown},
		"a sender refused":     {smtptest.Refuse(smtptest.From, 550, smtp.EnhancedCode{5, 7, 1}), ErrRefused},
		"a sender put off":     {smtptest.Refuse(smtptest.From, 451, smtp.EnhancedCode{4, 3, 0}), ErrDown},
		"a recipient refused":  {smtptest.Refuse(smtptest.To, 550, smtp.EnhancedCode{5, 1, 1}), ErrRefused},
		"a recipient put off":  {smtptest.Refuse(smtptest.To, 450, smtp.EnhancedCode{4, 2, 0}), nil},
		"too many connections": {smtptest.Refuse(smtptest.To, 421, smtp.EnhancedCode{4, 7, 0}), ErrDown},
		"a mail refused":       {smtptest.Refuse(smtptest.Data, 554, smtp.EnhancedCode{5, 6, 0}), ErrRefused},
		"a mail put off":       {smtptest.Refuse(smtptest.Data, 451, smtp.EnhancedCode{4, 6, 0}), nil},
		"a lost greeting":      {smtptest.HangUp(smtptest.Hello), ErrDown},
		"a lost mail":          {smtptest.HangUp(smtptest.Data), nil},
	} {
		s.Fail(c.fault)
		err := sender.Send(t.Context(), letter("ann@example.test"))
		is := errors.Is(err, ErrDown) || errors.Is(err, ErrRefused)
		if err == nil || c.want == nil && is || c.want != nil && !errors.Is(err, c.want) || strings.Contains(err.Error(), "ann@") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Stop()
	if err := sender.Send(t.Context(), letter("ann@example.test")); !errors.Is(err, ErrDown) {
		t.Errorf("a stopped server: %v", err)
	}
}

func TestAStalledServerIsGivenUp(t *testing.T) {
	t.Parallel()
	s := smtptest.New(t, smtptest.Options{})
	sender := through(t, s, "smtp", nil, "")
	sender.timeout = time.Second
	for _, step := range []smtptest.Step{smtptest.Hello, smtptest.Data} {
		t.Run(string(step), func(t *testing.T) {
			s.Fail(s.Stall(step))
			started := time.Now()
			err := sender.Send(t.Context(), letter("ann@example.test"))
			if took := time.Since(started); err == nil || took > 3*time.Second {
				t.Errorf("after %s: %v", took, err)
			}
		})
	}
}

// Neither an address nor a name can add a recipient, a header or a command.
func TestNothingIsInjected(t *testing.T) {
	t.Parallel()
	s := smtptest.New(t, smtptest.Options{})
	sender := through(t, s, "smtp", nil, "")
	for _, to := range []string{
		"ann@example.test\r\nBcc: eve@example.test", "ann@example.test, eve@example.test", "Ann <ann@example.test>",
		"ann@example.test>\r\nRCPT TO:<eve@example.test", "ann", "", "\x00@example.test",
	} {
		if err := sender.Send(t.Context(), letter(to)); !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "eve") {
			t.Errorf("%q: %v", to, err)
		}
	}
	sender.appName = "Acme\r\nBcc: eve@example.test\r\n\r\n<script>"
	l := letter("ann@example.test")
	l.Data = json.RawMessage(`{"user":{"name":"x\r\n.\r\nMAIL FROM:<eve@example.test>"},"url":"https://auth.test/\r\n.\r\nQUIT","token":"t"}`)
	if err := sender.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(bytes.NewReader([]byte(s.Mails()[0].Data)))
	if err != nil || len(s.Mails()) != 1 || m.Header.Get("Bcc") != "" {
		t.Errorf("%d mails, %+v, %v", len(s.Mails()), m, err)
	}
}
