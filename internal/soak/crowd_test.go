package soak

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestR12SlowClientsHarmNobody opens thousands of sockets whose requests never
// get finished, or whose answers nobody reads, and looks at clients beside them:
// with room for all the sockets, and with room for a fifth of them.
func TestR12SlowClientsHarmNobody(t *testing.T) {
	t.Parallel()
	sockets := pick(300, 5000)
	for name, most := range map[string]int{"room for all": 16384, "room for a fifth": sockets / 5} {
		t.Run(name, func(t *testing.T) {
			i := newSite(t, fmt.Sprintf("%splugins: {openAPI: {}}\nserver: {maxConnections: %d, timeouts: {read: 1m, write: 1m}}\n", strings.Split(basic, "plugins")[0], most), "").serve()
			l := newLoad(t)
			readers := []*client{newClient(i)}
			readers[0].signUp(t, "ann@example.test")
			for range 3 {
				readers = append(readers, readers[0].on(i))
			}
			l.begin(len(readers), 10*time.Millisecond, func(n, _ int) {
				a := readers[n].get("/get-session")
				l.take("get-session", a, a.ok("ann@example.test"))
			})
			time.Sleep(pick(time.Second, 5*time.Second))
			before, _ := l.drain()
			crowd := newCrowd(t, i, sockets)
			within(t, "the crowd", func() bool { return crowd.open.Load() >= int64(min(sockets, most))*9/10 })
			answered, refusedMeanwhile := crowd.settle(l)
			// Where there is no room, one of these may be the one that has waited longest.
			if refusedMeanwhile > 0 && (most > sockets || refusedMeanwhile > 1+answered/100) {
				t.Errorf("%d requests failed while the crowd came, %d were answered", refusedMeanwhile, answered)
			}
			time.Sleep(pick(2*time.Second, 20*time.Second))
			used := i.usage()
			l.end()
			l.complain()
			during, refused := l.drain()
			row(t, "R12", "%d slow sockets, %s: get-session p50 %s p99 %s, before %s and %s; %d answers, %d failed (%d while the crowd came); %.0f MiB, %.0f goroutines",
				sockets, name, percentile(during, 0.5), percentile(during, 0.99), percentile(before, 0.5), percentile(before, 0.99),
				len(during), refused, refusedMeanwhile, used.memory/(1<<20), used.goroutines)
			if refused > 0 || len(during) == 0 {
				t.Errorf("%d requests failed, %d were answered", refused, len(during))
			}
			// The crowd and these clients share the machine with the server.
			if most := max(100*time.Millisecond, 3*percentile(before, 0.99)); *long && percentile(during, 0.99) > most {
				t.Errorf("p99 is %s, above %s", percentile(during, 0.99), most)
			}
		})
	}
}

// comeBack is when somebody of the crowd tries again that was dropped.
const comeBack = 5 * time.Second

// crowd is many clients that are slow on purpose, and come back when they are
// dropped.
type crowd struct {
	open atomic.Int64
}

func newCrowd(t *testing.T, i *instance, n int) *crowd {
	t.Helper()
	c := &crowd{}
	ctx, leave := context.WithCancel(t.Context())
	var group sync.WaitGroup
	t.Cleanup(group.Wait)
	t.Cleanup(leave)
	for k := range n {
		group.Go(func() {
			for ctx.Err() == nil {
				c.visit(ctx, i.url[len("http://"):], k)
				pause(ctx, comeBack)
			}
		})
	}
	return c
}

// settle waits until the crowd is at rest, and tells how many requests of others
// were answered meanwhile and how many failed. It starts their counts anew.
func (c *crowd) settle(l *load) (answered, refused int) {
	time.Sleep(pick(time.Second, 10*time.Second))
	times, refused := l.drain()
	return len(times), refused
}

// visit is one slow connection, from another address of this machine. Two of
// three never finish a request: in the headers or in the body. The third reads
// no answer.
func (c *crowd) visit(ctx context.Context, address string, k int) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+k%200))}}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	c.open.Add(1)
	defer c.open.Add(-1)
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	head, more := "GET /api/auth/get-session HTTP/1.1\r\nHost: a\r\n", "X: y\r\n"
	switch k % 3 {
	case 1:
		head = "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
		more = " "
	case 2:
		_ = conn.(*net.TCPConn).SetReadBuffer(1 << 10)
		more = "GET /api/auth/open-api/generate-schema HTTP/1.1\r\nHost: a\r\n\r\n"
		head = strings.Repeat(more, 5)
	}
	if _, err := conn.Write([]byte(head)); err != nil {
		return
	}
	for ctx.Err() == nil {
		pause(ctx, pick(time.Second, 10*time.Second))
		if _, err := conn.Write([]byte(more)); err != nil {
			return
		}
	}
}

// pause waits, not longer than ctx lasts.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
