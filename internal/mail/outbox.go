package mail

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

const (
	// jobKind and queueName are River's names for what delivers a message.
	jobKind   = "message"
	queueName = "messages"
	// maxRefusals is how often a message may be refused for good before it is
	// given up. Failures that are not about the message do not count.
	maxRefusals = 5
	// maxWaiting bounds what Waiting reads.
	maxWaiting = 1000
	// padding is the size that contents are filled up to, or a multiple of it:
	// with it a row of Postgres still holds the usual message in place.
	padding = 1536
	// maxLanguages bounds what is kept of an Accept-Language header.
	maxLanguages = 128
)

// Outbox is where messages wait for their delivery.
type Outbox struct {
	store  *store.Store
	sealer *secure.Sealer
	now    func() time.Time
	rand   io.Reader
}

// NewOutbox gives the outbox of a database. What waits there is encrypted under
// a key of its own purpose.
func NewOutbox(s *store.Store, secrets *secure.Secrets, now func() time.Time, rand io.Reader) *Outbox {
	return &Outbox{store: s, sealer: secrets.Sealer("messages"), now: now, rand: rand}
}

// Keep writes a message and its job in the transaction tx, in one statement.
// For a nil message it writes one that looks the same and reaches nobody, so
// that neither the time nor the tables tell whether there was somebody to write
// to.
func (o *Outbox) Keep(ctx context.Context, tx *store.Store, m *Message) error {
	id, err := secure.NewID(o.rand)
	if err != nil {
		return err
	}
	content, err := content(m, languages(ctx))
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	sealed, err := o.sealer.Seal(padded(content), id, o.rand)
	if err != nil {
		return err
	}
	return tx.MailKeep(ctx, db.MailKeepParams{
		ID: id, Sealed: sealed, CreatedAt: o.now().UTC(), Kind: jobKind, Queue: queueName, MaxAttempts: maxRefusals,
	})
}

// Waiting gives the messages that wait for delivery, oldest first, without
// those for nobody.
func (o *Outbox) Waiting(ctx context.Context) ([]Letter, error) {
	rows, err := o.store.MailWaiting(ctx, maxWaiting)
	if err != nil {
		return nil, err
	}
	var letters []Letter
	for _, row := range rows {
		l, err := o.open(row.ID, row.Sealed, row.CreatedAt)
		if err != nil {
			return nil, err
		}
		if !l.Nobody {
			letters = append(letters, l)
		}
	}
	return letters, nil
}

// State is how the outbox stands, messages for nobody included.
type State struct {
	Waiting int64
	// Oldest is when the message was made that waits longest; now where none does.
	Oldest time.Time
	// GivenUp is how many were given up in the last days.
	GivenUp int64
}

// State asks the database how the outbox stands.
func (o *Outbox) State(ctx context.Context) (State, error) {
	row, err := o.store.MailState(ctx, db.MailStateParams{At: o.now().UTC(), Queue: queueName})
	return State(row), err
}

// DeleteOld deletes messages whose jobs were lost: those that are older than a
// time, no more than limit.
func (o *Outbox) DeleteOld(ctx context.Context, before time.Time, limit int) (int64, error) {
	return o.store.MailDeleteOld(ctx, db.MailDeleteOldParams{CreatedAt: before, Limit: int32(min(limit, maxWaiting))})
}

func (o *Outbox) open(id string, sealed []byte, created time.Time) (Letter, error) {
	l := Letter{ID: id, CreatedAt: created}
	plain, err := o.sealer.Open(sealed, id)
	if err != nil {
		return l, fmt.Errorf("opening message %s: %w", id, err)
	}
	content, err := unpadded(plain)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(content, &l)
}

// languages gives the languages that the request's browser asks for; a header of
// that length is no browser's.
func languages(ctx context.Context) string {
	call := api.FromContext(ctx)
	if call == nil {
		return ""
	}
	header := call.Header("Accept-Language")
	return header[:min(len(header), maxLanguages)]
}

func content(m *Message, languages string) ([]byte, error) {
	l := Letter{Nobody: true}
	if m != nil {
		data, err := api.JSON(m.Data)
		if err != nil {
			return nil, err
		}
		l = Letter{
			Event: m.Event, Channel: m.Channel, Recipient: m.Recipient, Data: data,
			ExpiresAt: m.ExpiresAt.UTC(), Languages: languages,
		}
	}
	var b bytes.Buffer
	text := json.NewEncoder(&b)
	text.SetEscapeHTML(false) // a receiver gets the data byte for byte
	err := text.Encode(l)
	return b.Bytes(), err
}

// padded writes the length of b, b, and zeros.
func padded(b []byte) []byte {
	size := (4 + len(b) + padding - 1) / padding * padding
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(len(b)))
	copy(out[4:], b)
	return out
}

var errPadding = errors.New("a message has a wrong length")

func unpadded(b []byte) ([]byte, error) {
	if len(b) < 4 {
		return nil, errPadding
	}
	size := binary.BigEndian.Uint32(b)
	if uint64(size) > uint64(len(b)-4) {
		return nil, errPadding
	}
	return b[4 : 4+size], nil
}
