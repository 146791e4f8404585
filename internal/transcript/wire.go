package transcript

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// exchange is one request exactly as it goes over the wire. net/http's client
// would tidy paths, add headers and refuse what a conversation must be able to
// send, so the request is written by hand; only the answer is read by net/http.
type exchange struct {
	method, target string
	headers        [][2]string
	body           []byte
	hasBody        bool
}

type reply struct {
	status int
	header http.Header
	body   []byte
	// messages are what the server sent because of the request.
	messages []string
}

// answerWithin is how long a server may take for one answer; a rate limit
// never makes a client wait, so only a hung server needs more.
const answerWithin = 60 * time.Second

// send opens a connection of its own for the request, so that no answer depends
// on the one before.
func (x exchange) send(ctx context.Context, baseURL string) (*reply, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return nil, err
	}
	if _, err := conn.Write(x.bytes()); err != nil {
		return nil, fmt.Errorf("sending: %w", err)
	}
	return readReply(conn, x.method)
}

func readReply(conn net.Conn, method string) (*reply, error) {
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	return &reply{status: response.StatusCode, header: response.Header, body: body}, nil
}

// bytes writes the request. A length is added unless the step brought its own
// framing.
func (x exchange) bytes() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", x.method, x.target)
	framed := !x.hasBody
	chunked := false
	for _, h := range x.headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
		switch strings.ToLower(h[0]) {
		case "content-length":
			framed = true
		case "transfer-encoding":
			framed, chunked = true, true
		}
	}
	if !framed {
		fmt.Fprintf(&b, "content-length: %d\r\n", len(x.body))
	}
	b.WriteString("connection: close\r\n\r\n")
	switch {
	case chunked && len(x.body) > 0:
		fmt.Fprintf(&b, "%x\r\n%s\r\n0\r\n\r\n", len(x.body), x.body)
	case chunked:
		b.WriteString("0\r\n\r\n")
	default:
		b.Write(x.body)
	}
	return []byte(b.String())
}
