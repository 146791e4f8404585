package auth

import (
	"context"
	"errors"

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

func (a *Auth) send(ctx context.Context, tx *store.Store, m *Message) error {
	if a.outbox == nil {
		return errNoOutbox
	}
	return a.outbox(ctx, tx, m)
}
