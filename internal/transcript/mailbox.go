package transcript

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// Mailbox receives the messages that one target sends: it is its webhook. A nil
// one receives nothing.
type Mailbox struct {
	url    string
	server *http.Server
	mu     sync.Mutex
	posted []string
}

// NewMailbox begins to receive.
func NewMailbox() (*Mailbox, error) {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mailbox{url: "http://" + socket.Addr().String() + "/"}
	m.server = &http.Server{Handler: m, ReadHeaderTimeout: answerWithin}
	go func() { _ = m.server.Serve(socket) }()
	return m, nil
}

// Address is the URL to post to, empty for a nil mailbox.
func (m *Mailbox) Address() string {
	if m == nil {
		return ""
	}
	return m.url
}

// Close ends it.
func (m *Mailbox) Close() {
	if m != nil {
		_ = m.server.Close()
	}
}

// ServeHTTP takes one message.
func (m *Mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.posted = append(m.posted, string(body))
}

// Take empties the mailbox, at once: the original's messages are in it before
// the request that caused them is answered.
func (m *Mailbox) Take(context.Context) ([]string, error) {
	if m == nil {
		return nil, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	posted := m.posted
	m.posted = nil
	return posted, nil
}

// sendOption is the name of an option that makes the server send something when
// it is true: sendResetPassword, onPasswordReset.
var sendOption = regexp.MustCompile(`^(?:send|on)[A-Z]`)

// SendsMessages tells whether the configuration makes a server send anything.
func (c Conversation) SendsMessages() bool {
	config, err := parseOrdered(c.Config)
	return err == nil && config.sends()
}

func (n node) sends() bool {
	for _, m := range n.members {
		if sendOption.MatchString(m.key) && m.value.raw == "true" || m.value.sends() {
			return true
		}
	}
	return false
}

// WebhookSecret signs the messages of the servers of this package.
const WebhookSecret = "whsec_dHJhbnNjcmlwdC1vbmx5LXdlYmhvb2stc2VjcmV0"

// ConfigWith is the configuration with which sallyport posts to a mailbox.
func (c Conversation) ConfigWith(m *Mailbox) (string, error) {
	if m == nil {
		return c.Config, nil
	}
	webhook := fmt.Sprintf(`{"messaging":{"webhook":{"url":%q,"secret":%q}}}`, m.url, WebhookSecret)
	return mergeConfig([]byte(c.Config), []byte(webhook))
}

const (
	deliveredWithin = 10 * time.Second
	askDeliveries   = 2 * time.Millisecond
)

// Delivered waits until none of sallyport's messages waits in its database any
// more, and then takes them out of the mailbox.
func (m *Mailbox) Delivered(database string) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		db, err := openDatabase(ctx, database)
		if err != nil {
			return nil, err
		}
		defer db.close()
		for end := time.Now().Add(deliveredWithin); ; time.Sleep(askDeliveries) {
			rows, err := db.read(ctx, "SELECT id FROM sallyport.message")
			if err != nil {
				return nil, err
			}
			if len(rows) == 0 {
				return m.Take(ctx)
			}
			if time.Now().After(end) {
				return nil, fmt.Errorf("%d messages were not delivered in %s", len(rows), deliveredWithin)
			}
		}
	}
}
