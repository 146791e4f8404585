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
	"slices"
	"sync"
	"time"
)

// request is one prepared HTTP request and how its answer is recognised.
type request struct {
	raw    []byte // the whole request as it goes over the wire
	marker []byte // must stand in the body of the answer, whose status must be 200
}

// load says how hard a server is pressed. One connection sends the next
// request when it has the answer to the one before.
type load struct {
	address     string // host:port
	connections int
	duration    time.Duration // how long requests are sent
	count       int           // when above 0, this many requests in all instead
}

// outcome is what a load measured.
type outcome struct {
	requests int // answered as they should be
	refused  int // answered 503: the server said that it has too much to do
	elapsed  time.Duration
	p50, p99 time.Duration
}

// rate is in requests per second.
func (o outcome) rate() float64 { return float64(o.requests) / o.elapsed.Seconds() }

// run sends requests, connection i taking those of its own number in turn, and
// fails at the first answer that is wrong. Refusals are counted apart, since a
// fast one is no result.
func (l load) run(ctx context.Context, requests []request) (outcome, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	workers := make([]worker, l.connections)
	begin := time.Now()
	var group sync.WaitGroup
	for i := range workers {
		w := &workers[i]
		w.load, w.requests, w.until = l, rotated(requests, i), begin.Add(l.duration)
		w.limit = share(l.count, l.connections, i)
		group.Go(func() {
			if err := w.work(ctx); err != nil {
				fail(err) // only the first one stays: the others follow from it
			}
		})
	}
	group.Wait()
	elapsed := time.Since(begin)
	var all []time.Duration
	refused := 0
	for _, w := range workers {
		all = append(all, w.times...)
		refused += w.refused
	}
	o := summary(all, elapsed)
	o.refused = refused
	return o, context.Cause(ctx)
}

// share is how many of count requests connection i of n sends; 0 for no limit.
func share(count, n, i int) int {
	if count == 0 {
		return 0
	}
	return (count + n - 1 - i) / n
}

// rotated makes connections begin at different requests.
func rotated(requests []request, by int) []request {
	by %= len(requests)
	return append(slices.Clone(requests[by:]), requests[:by]...)
}

func summary(times []time.Duration, elapsed time.Duration) outcome {
	slices.Sort(times)
	return outcome{requests: len(times), elapsed: elapsed, p50: quantile(times, 0.50), p99: quantile(times, 0.99)}
}

// quantile expects sorted values.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// worker is one connection of a load.
type worker struct {
	load     load
	requests []request
	until    time.Time
	limit    int
	times    []time.Duration
	refused  int

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
	for i := 0; w.more(i); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		begin := time.Now()
		switch err := w.exchange(ctx, w.requests[i%len(w.requests)]); {
		case errors.Is(err, errRefused):
			w.refused++
			time.Sleep(afterRefusal)
		case err != nil:
			return err
		default:
			w.times = append(w.times, time.Since(begin))
		}
	}
	return nil
}

func (w *worker) more(sent int) bool {
	if w.load.count > 0 {
		return sent < w.limit
	}
	return time.Now().Before(w.until)
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
	if answer.StatusCode != http.StatusOK || !bytes.Contains(w.body.Bytes(), r.marker) {
		line, _, _ := bytes.Cut(r.raw, []byte("\r\n"))
		return fmt.Errorf("%s: status %d, body %.200q; expected 200 with %q", line, answer.StatusCode, w.body.Bytes(), r.marker)
	}
	return nil
}

// dial opens the connection, which closes by itself when ctx ends.
func (w *worker) dial(ctx context.Context) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", w.load.address)
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
