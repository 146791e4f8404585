package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// connectTimeout bounds the wait for a connection.
const connectTimeout = 5 * time.Second

// smtpSender sends mails through one server, with a connection for each: a
// connection that is kept may have died unnoticed.
type smtpSender struct {
	server    smtpServer
	from      *mail.Address
	appName   string
	templates *Templates
	now       func() time.Time
	timeout   time.Duration
	// tls is the configuration for tests; nil means the machine's certificates.
	tls *tls.Config
}

// Send renders and sends a mail.
func (s *smtpSender) Send(ctx context.Context, l *Letter) error {
	msg, err := s.message(l)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	client, err := gomail.NewClient(s.server.host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDown, err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // what failed came after the server had taken the mail
	}
	return smtpError(err)
}

// check connects and authenticates, and sends nothing.
func (s *smtpSender) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	client, err := gomail.NewClient(s.server.host, s.options(ctx)...)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDown, err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return smtpError(err)
	}
	_ = client.Close() // it has answered all that was asked
	return nil
}

// options are those of the mail library for this server. The connection ends
// with ctx, whatever the library waits for then.
func (s *smtpSender) options(ctx context.Context) []gomail.Option {
	options := []gomail.Option{
		gomail.WithTimeout(s.timeout), gomail.WithTLSConfig(s.tlsConfig()), gomail.WithTLSPolicy(gomail.NoTLS),
		gomail.WithDialContextFunc(func(dialing context.Context, _, _ string) (net.Conn, error) {
			conn, err := s.dial(dialing)
			if err == nil {
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		}),
	}
	switch {
	case s.server.implicit:
		options = append(options, gomail.WithSSL())
	case s.server.required:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case s.server.optional:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if s.server.user != "" {
		options = append(options, gomail.WithUsername(s.server.user), gomail.WithPassword(s.server.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return options
}

func (s *smtpSender) dial(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: connectTimeout}
	address := net.JoinHostPort(s.server.host, s.server.port)
	if s.server.implicit {
		return (&tls.Dialer{NetDialer: dialer, Config: s.tlsConfig()}).DialContext(ctx, "tcp", address)
	}
	return dialer.DialContext(ctx, "tcp", address)
}

func (s *smtpSender) tlsConfig() *tls.Config {
	if s.tls != nil {
		return s.tls
	}
	return &tls.Config{ServerName: s.server.host, MinVersion: tls.VersionTLS12}
}

// message writes the mail. Its Message-ID is that of the message, so that who
// gets it twice can tell.
func (s *smtpSender) message(l *Letter) (*gomail.Msg, error) {
	to, err := recipient(l.Recipient)
	if err != nil {
		return nil, err
	}
	v, err := NewView(s.appName, l)
	if err != nil {
		return nil, err
	}
	words, err := s.templates.Render(l.Event, l.Languages, v)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(s.from)
	msg.ToMailAddress(to)
	msg.SetMessageIDWithValue(l.ID + s.from.Address[strings.LastIndexByte(s.from.Address, '@'):])
	msg.SetDateWithValue(s.now())
	msg.Subject(oneLine(words.Subject))
	// RFC 3834: no answers of absence, no loops.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, words.Text)
	if words.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, words.HTML)
	}
	return msg, nil
}

var errRecipient = errors.New("the recipient is no e-mail address")

// recipient takes an address as it was stored, and nothing that a header or a
// command could read as more than one address.
func recipient(text string) (*mail.Address, error) {
	if strings.ContainsAny(text, "\r\n\x00<>, ") {
		return nil, errRecipient
	}
	to, err := mail.ParseAddress(text)
	if err != nil || to.Name != "" {
		return nil, errRecipient
	}
	return to, nil
}

// oneLine keeps a subject from beginning another header.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// smtpError grades an error and takes out of it what the server said, which may
// repeat an address.
func smtpError(err error) error {
	var sent *gomail.SendError
	if !errors.As(err, &sent) {
		return fmt.Errorf("%w: %w", ErrDown, answered(err))
	}
	said := fmt.Errorf("%s: %s", sent.Reason, code(sent))
	about := sent.Reason != gomail.ErrSMTPMailFrom && sent.Reason != gomail.ErrConnCheck
	switch {
	case sent.ErrorCode() >= 500:
		return fmt.Errorf("%w: %w", ErrRefused, said)
	case sent.ErrorCode() == 421 || !about:
		return fmt.Errorf("%w: %w", ErrDown, said)
	default:
		return said
	}
}

func code(sent *gomail.SendError) string {
	if sent.ErrorCode() == 0 {
		return "the connection was lost"
	}
	return strings.TrimSpace(strconv.Itoa(sent.ErrorCode()) + " " + sent.EnhancedStatusCode())
}

// answered gives an error from before the mail: the code alone, where the server
// has answered.
func answered(err error) error {
	if said := new(textproto.Error); errors.As(err, &said) {
		return fmt.Errorf("the server answered %d", said.Code)
	}
	return err
}
