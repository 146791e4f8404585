// Package mail keeps the messages that the server has to send, and delivers
// them.
//
// A message is written to the outbox in the transaction of the change that
// caused it, encrypted, together with a job of River's. Workers deliver it at
// least once under an id that stays the same, by SMTP or to a webhook, and then
// delete it. So mail trouble neither fails a request nor loses a message.
//
// What is not here: who is written to and when, which is up to the endpoints.
package mail

import (
	"encoding/json"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Channel is how a message reaches a person.
type Channel string

// The channels there are.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// Message is something that the server has to tell a person.
type Message struct {
	// Event is the name of Better Auth's option for it, such as
	// sendResetPassword.
	Event   string
	Channel Channel
	// Recipient is an e-mail address or a telephone number.
	Recipient string
	// Data is what the first argument of that option's function would be.
	Data api.Object
	// ExpiresAt is when the message has no use any more. It may be zero.
	ExpiresAt time.Time
}

// Letter is a message as the outbox gives it back.
type Letter struct {
	// ID stays the same over all attempts to deliver the message.
	ID        string    `json:"-"`
	CreatedAt time.Time `json:"-"`

	Event     string          `json:"event,omitempty"`
	Channel   Channel         `json:"channel,omitempty"`
	Recipient string          `json:"recipient,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
	ExpiresAt time.Time       `json:"expiresAt,omitzero"`
	// Languages is the Accept-Language header of the request.
	Languages string `json:"languages,omitempty"`
	// Nobody marks a message that is there for its looks, and not delivered.
	Nobody bool `json:"nobody,omitempty"`
}
