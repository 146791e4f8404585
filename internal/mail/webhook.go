package mail

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// maxAnswer bounds what is read of a receiver's answer, which is of no interest.
const maxAnswer = 16 << 10

// webhookSender posts messages, signed after Standard Webhooks
// (https://www.standardwebhooks.com).
type webhookSender struct {
	url    string
	keys   [][]byte
	now    func() time.Time
	client *http.Client
}

func newWebhookSender(url string, keys [][]byte, now func() time.Time) *webhookSender {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
	transport.MaxResponseHeaderBytes = maxAnswer
	return &webhookSender{url: url, keys: keys, now: now, client: &http.Client{
		Transport: transport, Timeout: sendTimeout,
		// A redirect would take links to an address that nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send posts a message; any answer of 200 to 299 has taken it.
func (s *webhookSender) Send(ctx context.Context, l *Letter) error {
	body, err := api.JSON(api.Object{
		{Key: "event", Value: l.Event},
		{Key: "channel", Value: string(l.Channel)},
		{Key: "recipient", Value: l.Recipient},
		{Key: "data", Value: json.RawMessage(l.Data)},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, unaddressed(err))
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "sallyport")
	s.sign(r.Header, "msg_"+l.ID, body)
	answer, err := s.client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDown, unaddressed(err))
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	return graded(answer.StatusCode)
}

// sign adds the three headers of Standard Webhooks: the signature is over the
// id, the time of this attempt and the body.
func (s *webhookSender) sign(h http.Header, id string, body []byte) {
	at := strconv.FormatInt(s.now().Unix(), 10)
	signatures := make([]string, len(s.keys))
	for i, key := range s.keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", at)
	h.Set("webhook-signature", strings.Join(signatures, " "))
}

func graded(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests:
		return fmt.Errorf("the receiver answered %d", status)
	default:
		return fmt.Errorf("%w: the receiver answered %d", ErrRefused, status)
	}
}

// unaddressed takes the URL, which may hold a token, out of an error.
func unaddressed(err error) error {
	if failed := new(url.Error); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
