package authtest

import (
	"encoding/json"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// unused is a way to send messages that nobody is at the end of.
var unused = mail.WebhookConfig{
	URL:    config.NewSecret("http://127.0.0.1:9"),
	Secret: config.NewSecret("whsec_bm9ib2R5IGlzIGF0IHRoZSBlbmQgb2YgdGhpcw=="),
}

// Transport lets a configuration that names no way to send messages have one, as
// production demands. Nothing is sent by it unless the server delivers.
func Transport(cfg *server.Config) {
	if server.ModeOf(cfg) == server.Production && !cfg.Messaging.Sends(mail.Email) {
		cfg.Messaging.Webhook = unused
	}
}

// deliver starts the delivery where the test wants it, and gives what stops it.
func (s *Server) deliver() (stop func()) {
	if !s.delivering {
		return func() {}
	}
	stop, err := s.Server.StartDelivery(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return stop
}

// Message is a message in the outbox.
type Message struct {
	mail.Letter
	// Data is what the message holds.
	Data map[string]any

	t testing.TB
}

// Messages gives the messages that wait in the server's outbox, oldest first.
// Those for nobody are left out. Without Delivering nothing takes them away.
func (s *Server) Messages() []Message {
	s.t.Helper()
	letters, err := s.Server.Outbox.Waiting(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	messages := make([]Message, len(letters))
	for i, l := range letters {
		messages[i] = Message{Letter: l, t: s.t}
		if err := json.Unmarshal(l.Data, &messages[i].Data); err != nil {
			s.t.Fatalf("%s: %v", l.Data, err)
		}
	}
	return messages
}

// LastMessage gives the newest message of an event, and ends the test where
// there is none.
func (s *Server) LastMessage(event string) Message {
	s.t.Helper()
	messages := s.Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Event == event {
			return messages[i]
		}
	}
	s.t.Fatalf("there is no %s among %d messages", event, len(messages))
	return Message{}
}

// Text gives a member of the message's data, and ends the test where it is not
// text.
func (m Message) Text(member string) string {
	m.t.Helper()
	text, ok := m.Data[member].(string)
	if !ok {
		m.t.Fatalf("%s has no text %q: %v", m.Event, member, m.Data)
	}
	return text
}

// URL gives the link of the message.
func (m Message) URL() string { m.t.Helper(); return m.Text("url") }

// Token gives the token of the message's link.
func (m Message) Token() string { m.t.Helper(); return m.Text("token") }
