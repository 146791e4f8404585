package mail

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config says how messages are sent. The option is ours: Better Auth leaves sending to the programmer.
type Config struct {
	From      string        `yaml:"from" doc:"The sender of mails, as in Acme <no-reply@acme.example>; required with smtp."`
	SMTP      SMTPConfig    `yaml:"smtp"`
	Webhook   WebhookConfig `yaml:"webhook"`
	Templates string        `yaml:"templates" doc:"A folder of templates that stand in for the built-in ones, such as sendResetPassword.de.txt."`
	Locale    string        `yaml:"locale" default:"en" doc:"The language of messages to people whose browser asks for none that there are templates for."`
}

// SMTPConfig names a mail server.
type SMTPConfig struct {
	URL config.Secret `yaml:"url" doc:"The mail server, as in smtp://user:password@host:587, which must offer STARTTLS, or smtps://host. ?tls=optional takes a server without TLS, ?tls=none uses none; for a server on this machine that is the default."`
}

// WebhookConfig names a receiver of messages.
type WebhookConfig struct {
	URL    config.Secret `yaml:"url" doc:"Where messages are posted; with smtp set only short messages are."`
	Secret config.Secret `yaml:"secret" doc:"The key that signs them, whsec_ and base64; several, separated by spaces, sign each."`
}

// Sends reports whether there is a way to send messages of a channel.
func (c *Config) Sends(channel Channel) bool {
	return !c.Webhook.URL.IsZero() || channel == Email && !c.SMTP.URL.IsZero()
}

// ReadableOnTheWay reports whether messages leave this machine unencrypted.
func (c *Config) ReadableOnTheWay() bool {
	u, err := url.Parse(c.Webhook.URL.Reveal())
	return err == nil && u.Scheme == "http" && !local(u.Hostname())
}

// smtpServer is what an SMTP URL says.
type smtpServer struct {
	host, port     string
	user, password string
	// implicit is TLS from the first byte on; required and optional are STARTTLS.
	implicit, required, optional bool
}

// The errors of URLs never repeat them: they hold passwords.
var (
	errSMTPURL    = errors.New("must be smtp://host:port or smtps://host:port, with user:password@ before the host where the server asks for it")
	errSMTPTLS    = errors.New("has a tls parameter other than required, optional and none")
	errSMTPClear  = errors.New("would send the password over the network unencrypted: leave out ?tls=none")
	errWebhookURL = errors.New("must be an http:// or https:// address without user and fragment")
	errSecret     = errors.New("must be whsec_ and 24 to 64 bytes in base64, as `openssl rand -base64 32` prints them")
)

func parseSMTP(text string) (smtpServer, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return smtpServer{}, errSMTPURL
	}
	s := smtpServer{host: u.Hostname(), port: u.Port(), user: u.User.Username()}
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		s.implicit, s.port = true, or(s.port, "465")
	case "smtp":
		s.port = or(s.port, "587")
	default:
		return smtpServer{}, errSMTPURL
	}
	if port, err := strconv.ParseUint(s.port, 10, 16); err != nil || port == 0 {
		return smtpServer{}, errSMTPURL
	}
	return s, s.encrypt(u.Query())
}

// encrypt settles how the connection is encrypted. What passes between two
// programs on one machine needs no encryption, and the certificates of such
// servers are seldom valid.
func (s *smtpServer) encrypt(query url.Values) error {
	tls := query.Get("tls")
	query.Del("tls")
	if len(query) > 0 || s.implicit && tls != "" && tls != "required" {
		return errSMTPTLS
	}
	switch {
	case tls == "required", tls == "" && !s.local():
		s.required = true
	case tls == "optional":
		s.optional = true
	case tls != "" && tls != "none":
		return errSMTPTLS
	case s.user != "" && !s.local():
		return errSMTPClear
	}
	return nil
}

// local reports whether the server is on this machine.
func (s *smtpServer) local() bool { return local(s.host) }

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Check refuses what cannot work, naming the option.
func (c *Config) Check() error {
	_, err := c.parse()
	return err
}

// parsed is a configuration whose parts were understood.
type parsed struct {
	from    *mail.Address
	smtp    *smtpServer // nil where there is none
	webhook string
	keys    [][]byte
}

func (c *Config) parse() (p parsed, err error) {
	if c.From != "" {
		if p.from, err = mail.ParseAddress(c.From); err != nil {
			return p, errors.New("messaging.from must be an address such as Acme <no-reply@acme.example>")
		}
	}
	if !c.SMTP.URL.IsZero() {
		server, err := parseSMTP(c.SMTP.URL.Reveal())
		if err != nil {
			return p, fmt.Errorf("messaging.smtp.url %w", err)
		}
		if p.from == nil {
			return p, errors.New("messaging.from is not set: set it to the address that mails come from, as in Acme <no-reply@acme.example>")
		}
		p.smtp = &server
	}
	if c.Webhook.URL.IsZero() {
		return p, nil
	}
	if p.webhook, err = parseWebhook(c.Webhook.URL.Reveal()); err != nil {
		return p, fmt.Errorf("messaging.webhook.url %w", err)
	}
	if p.keys, err = parseKeys(c.Webhook.Secret.Reveal()); err != nil {
		return p, fmt.Errorf("messaging.webhook.secret %w", err)
	}
	return p, nil
}

func parseWebhook(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return "", errWebhookURL
	}
	return u.String(), nil
}

// parseKeys reads secrets as Standard Webhooks writes them. The first one is
// the newest; receivers take a message that any of them signed.
func parseKeys(text string) ([][]byte, error) {
	var keys [][]byte
	for _, secret := range strings.Fields(text) {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) < 24 || len(key) > 64 {
			return nil, errSecret
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errSecret
	}
	return keys, nil
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
