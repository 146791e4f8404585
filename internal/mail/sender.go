package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Sender is one way to deliver a message.
type Sender interface {
	// Send delivers a message. An error that wraps ErrRefused is about this
	// message and will not go away by itself; one that wraps ErrDown is about
	// the way, and meets every message. After any other a new attempt may help.
	Send(ctx context.Context, l *Letter) error
}

// What a Sender's errors tell. Their text names nobody and repeats nothing of a
// message, because it is logged and kept.
var (
	ErrRefused = errors.New("refused")
	ErrDown    = errors.New("not reachable")
)

// sendTimeout bounds one attempt, so that a server that stalls does not hold a
// message long after it has recovered.
const sendTimeout = 15 * time.Second

// Senders are the ways that are configured.
type Senders struct{ email, sms Sender }

// NewSenders makes the ways that a configuration names. Where it names none,
// messages go to the log: that is for development.
func NewSenders(cfg Config, appName string, now func() time.Time, log *slog.Logger) (*Senders, error) {
	p, err := cfg.parse()
	if err != nil {
		return nil, err
	}
	s := &Senders{email: &logSender{log}, sms: &logSender{log}}
	if p.webhook != "" {
		hook := newWebhookSender(p.webhook, p.keys, now)
		s.email, s.sms = hook, hook
	}
	if p.smtp == nil && cfg.Templates == "" {
		return s, nil
	}
	templates, err := LoadTemplates(cfg.Templates, cfg.Locale)
	if err != nil {
		return nil, err
	}
	if p.smtp != nil {
		s.email = &smtpSender{server: *p.smtp, from: p.from, appName: appName, templates: templates, now: now, timeout: sendTimeout}
	}
	return s, nil
}

// Check tells in words which way mails go, and tries it without sending one.
func (s *Senders) Check(ctx context.Context) (string, error) {
	switch way := s.email.(type) {
	case *smtpSender:
		return "mails go through " + way.server.host + ", port " + way.server.port, way.check(ctx)
	case *webhookSender:
		return "messages go to the webhook", nil
	default:
		return "messages go to the log", nil
	}
}

// of gives the way for a channel.
func (s *Senders) of(channel Channel) Sender {
	if channel == SMS {
		return s.sms
	}
	return s.email
}

// Send delivers a message at once, past the outbox.
func (s *Senders) Send(ctx context.Context, l *Letter) error { return s.of(l.Channel).Send(ctx, l) }

// logSender shows messages in the log.
type logSender struct{ log *slog.Logger }

// Send writes a line. It is a warning, because that is the level at which the
// original's default begins.
func (s *logSender) Send(ctx context.Context, l *Letter) error {
	v, err := NewView("", l)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	s.log.WarnContext(ctx, "a message that is not sent, because messaging is not configured",
		"event", l.Event, "channel", string(l.Channel), "recipient", l.Recipient, "url", v.URL, "data", string(l.Data))
	return nil
}
