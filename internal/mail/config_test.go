package mail

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
)

const goodSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestSMTPAddresses(t *testing.T) {
	for url, want := range map[string]smtpServer{
		"smtp://mail.test":                         {host: "mail.test", port: "587", required: true},
		"smtp://ann:p%40ss@mail.test:25":           {host: "mail.test", port: "25", user: "ann", password: "p@ss", required: true},
		"smtp://mail.test?tls=optional":            {host: "mail.test", port: "587", optional: true},
		"smtp://mail.test/?tls=none":               {host: "mail.test", port: "587"},
		"smtps://mail.test":                        {host: "mail.test", port: "465", implicit: true, required: true},
		"smtp://localhost":                         {host: "localhost", port: "587"},
		"smtp://ann:x@127.0.0.1:1025":              {host: "127.0.0.1", port: "1025", user: "ann", password: "x"},
		"smtp://[::1]:1025?tls=required":           {host: "::1", port: "1025", required: true},
		"smtp://ann:x@mail.test:2525?tls=optional": {host: "mail.test", port: "2525", user: "ann", password: "x", optional: true},
	} {
		if got, err := parseSMTP(url); err != nil || got != want {
			t.Errorf("%s: %+v, %v", url, got, err)
		}
	}
}

func TestBadConfigurationsOfMessages(t *testing.T) {
	from := "Acme <no-reply@acme.test>"
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"no sender":         {Config{SMTP: smtpAt("smtp://mail.test")}, "messaging.from"},
		"a bad sender":      {Config{From: "Acme", SMTP: smtpAt("smtp://mail.test")}, "messaging.from"},
		"another scheme":    {Config{From: from, SMTP: smtpAt("http://mail.test")}, "messaging.smtp.url"},
		"no host":           {Config{From: from, SMTP: smtpAt("smtp://:25")}, "messaging.smtp.url"},
		"no port":           {Config{From: from, SMTP: smtpAt("smtp://mail.test:0")}, "messaging.smtp.url"},
		"a path":            {Config{From: from, SMTP: smtpAt("smtp://mail.test/x")}, "messaging.smtp.url"},
		"another parameter": {Config{From: from, SMTP: smtpAt("smtp://mail.test?ssl=1")}, "messaging.smtp.url"},
		"another word":      {Config{From: from, SMTP: smtpAt("smtp://mail.test?tls=yes")}, "messaging.smtp.url"},
		"smtps without TLS": {Config{From: from, SMTP: smtpAt("smtps://mail.test?tls=none")}, "messaging.smtp.url"},
		"a clear password":  {Config{From: from, SMTP: smtpAt("smtp://ann:hush@mail.test?tls=none")}, "messaging.smtp.url"},
		"a file":            {Config{Webhook: webhookAt("file:///hush", goodSecret)}, "messaging.webhook.url"},
		"a user":            {Config{Webhook: webhookAt("https://ann:hush@app.test", goodSecret)}, "messaging.webhook.url"},
		"no secret":         {Config{Webhook: webhookAt("https://app.test", "")}, "messaging.webhook.secret"},
		"a short secret":    {Config{Webhook: webhookAt("https://app.test", "whsec_aHVzaA==")}, "messaging.webhook.secret"},
		"no base64":         {Config{Webhook: webhookAt("https://app.test", "hush hush")}, "messaging.webhook.secret"},
	} {
		err := c.cfg.Check()
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWaysToSend(t *testing.T) {
	both := Config{From: "a@b.test", SMTP: smtpAt("smtp://mail.test"), Webhook: webhookAt("https://app.test", goodSecret+" "+goodSecret)}
	if err := both.Check(); err != nil {
		t.Error(err)
	}
	mails, posts, none := Config{SMTP: both.SMTP}, Config{Webhook: both.Webhook}, Config{}
	if !mails.Sends(Email) || mails.Sends(SMS) || !posts.Sends(Email) || !posts.Sends(SMS) || none.Sends(Email) {
		t.Error("the ways to send are not what the options say")
	}
}

func TestMessagesThatCanBeReadOnTheWay(t *testing.T) {
	for url, want := range map[string]bool{
		"": false, "https://app.test": false, "http://app.test": true, "http://localhost:8080": false, "http://127.0.0.1": false,
	} {
		cfg := Config{Webhook: webhookAt(url, goodSecret)}
		if got := cfg.ReadableOnTheWay(); got != want {
			t.Errorf("%q: %v", url, got)
		}
	}
}

func smtpAt(url string) SMTPConfig { return SMTPConfig{URL: config.NewSecret(url)} }

func webhookAt(url, secret string) WebhookConfig {
	return WebhookConfig{URL: config.NewSecret(url), Secret: config.NewSecret(secret)}
}
