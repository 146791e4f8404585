package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// worker is one connection of a load.
type worker struct {
	address string
	turns   *turns
	times   []time.Duration
	refused int

	conn   net.Conn
	reader *bufio.Reader
	forget func() bool // undoes the closing of conn when the context ends
	body   bytes.Buffer
}

// errRefused is a 503.
var errRefused = errors.New("the server refused the request")

// afterRefusal is how long a refused connection waits: less than a polite
// client, so that refusing is not rewarded with a rest.
const afterRefusal = 100 * time.Millisecond

// work sends until the time or the requests are up. It has no HTTP client: a
// client's own work would be charged to the faster server.
func (w *worker) work(ctx context.Context) error {
	defer w.hangUp()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, more := w.turns.next()
		if !more {
			return nil
		}
		begin := time.Now()
		switch err := w.exchange(ctx, r); {
		case errors.Is(err, errRefused):
			w.refused++
			time.Sleep(afterRefusal)
		case err != nil:
			return err
		default:
			w.times = append(w.times, time.Since(begin))
		}
	}
}

// exchange sends one request and reads its answer to the end.
func (w *worker) exchange(ctx context.Context, r request) error {
	if w.conn == nil {
		if err := w.dial(ctx); err != nil {
			return err
		}
	}
	if _, err := w.conn.Write(r.raw); err != nil {
		return fmt.Errorf("sending a request: %w", err)
	}
	answer, err := http.ReadResponse(w.reader, nil)
	if err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	w.body.Reset()
	if _, err := io.Copy(&w.body, answer.Body); err != nil {
		return fmt.Errorf("reading an answer: %w", err)
	}
	if answer.Close {
		w.hangUp()
	}
	if answer.StatusCode == http.StatusServiceUnavailable {
		return errRefused
	}
	if answer.StatusCode != r.status || !bytes.Contains(w.body.Bytes(), r.marker) {
		return fmt.Errorf("%s: status %d, body %.200q; expected %d with %q", r.line(), answer.StatusCode, w.body.Bytes(), r.status, r.marker)
	}
	return nil
}

// dial opens the connection, which closes by itself when ctx ends.
func (w *worker) dial(ctx context.Context) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", w.address)
	if err != nil {
		return err
	}
	w.conn, w.reader = conn, bufio.NewReader(conn)
	w.forget = context.AfterFunc(ctx, func() { _ = conn.Close() })
	return nil
}

func (w *worker) hangUp() {
	if w.conn != nil {
		w.forget()
		_ = w.conn.Close()
		w.conn = nil
	}
}
