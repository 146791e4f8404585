package auth

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Message is something that the server has to tell a person.
type Message = mail.Message

// Channel is how a message reaches a person.
type Channel = mail.Channel

// The channels there are.
const (
	Email = mail.Email
	SMS   = mail.SMS
)

// SendOption is an option that makes the server send messages. Where it is on,
// there has to be a way to send them. The Config of a plugin lists its own in a
// method Sends.
type SendOption struct {
	Name    string
	Channel Channel
	On      bool
}

// Outbox keeps a message in the transaction of the change that caused it, until
// it is delivered. For a nil message it does the same work and delivers nothing,
// so that the time of an answer does not tell whether there was somebody to
// write to.
type Outbox func(ctx context.Context, tx *store.Store, m *Message) error

// errNoOutbox is a fault of this program.
var errNoOutbox = errors.New("there is no outbox")

// Send keeps a message for delivery. tx is the transaction of the change that
// caused it.
func (a *Auth) Send(ctx context.Context, tx *store.Store, m Message) error {
	return a.send(ctx, tx, &m)
}

// SendNobody does the work of Send for nobody.
func (a *Auth) SendNobody(ctx context.Context, tx *store.Store) error { return a.send(ctx, tx, nil) }

// SendIf is Send where there is somebody to write to, else SendNobody.
func (a *Auth) SendIf(ctx context.Context, tx *store.Store, somebody bool, m Message) error {
	if somebody {
		return a.Send(ctx, tx, m)
	}
	return a.SendNobody(ctx, tx)
}

func (a *Auth) send(ctx context.Context, tx *store.Store, m *Message) error {
	if a.outbox == nil {
		return errNoOutbox
	}
	return a.outbox(ctx, tx, m)
}

// Link is what a message asks to open.
type Link struct {
	URL, Token string
	ExpiresAt  time.Time
}

// LinkMessage asks for a click on a link that goes to the user's address. Its
// data is that of Better Auth's callbacks: the user, further members, the link.
func (a *Auth) LinkMessage(event string, user *store.User, link Link, further ...api.Member) Message {
	data := slices.Concat(api.Object{{Key: "user", Value: a.UserOutput(user)}}, further,
		api.Object{{Key: "url", Value: link.URL}, {Key: "token", Value: link.Token}})
	return Message{Event: event, Channel: Email, Recipient: user.Email, ExpiresAt: link.ExpiresAt, Data: data}
}

// noticeLife is how long a mail that only tells something is worth delivering.
const noticeLife = 72 * time.Hour

// Notice tells a user something, and asks for nothing.
func (a *Auth) Notice(event string, user *store.User) Message {
	return Message{
		Event: event, Channel: Email, Recipient: user.Email, ExpiresAt: a.Time().Add(noticeLife),
		Data: api.Object{{Key: "user", Value: a.UserOutput(user)}},
	}
}
