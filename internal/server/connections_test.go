package server

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// dialed is a pair of ends of one connection, as admitted.
type dialed struct {
	client net.Conn
	held   *connection // nil when it was refused
}

func dial(t *testing.T, c *connections, l net.Listener) dialed {
	t.Helper()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	held, _ := c.admit(accepted.(*net.TCPConn))
	if held != nil {
		held.blocked.Add(1) // as if somebody read from it
	}
	t.Cleanup(func() { _ = accepted.Close() })
	return dialed{client, held}
}

// open reports whether the server's end is.
func (d dialed) open() bool {
	_ = d.client.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	_, err := d.client.Read(make([]byte, 1))
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

func socket(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func everybody(netip.Addr) bool { return true }
func nobody(netip.Addr) bool    { return false }

// The one that has waited longest goes, and never one that is worked for.
func TestTheLongestWaitingConnectionMakesRoom(t *testing.T) {
	t.Parallel()
	c, l := newConnections(3, everybody), socket(t)
	c.grace = 0
	first, second, third := dial(t, c, l), dial(t, c, l), dial(t, c, l)
	first.held.handling(+1)
	second.held.handling(+1)
	second.held.handling(-1) // so that it waits a shorter time than the third
	fourth := dial(t, c, l)
	if third.open() || !first.open() || !second.open() || !fourth.open() {
		t.Fatalf("open: %t %t %t %t", first.open(), second.open(), third.open(), fourth.open())
	}
	fifth := dial(t, c, l)
	if second.open() || !first.open() {
		t.Error("the next one to go is not the second")
	}
	fourth.held.handling(+1)
	fifth.held.handling(+1)
	fifth.held.handling(+1)
	fifth.held.handling(-1) // another stream still runs
	if sixth := dial(t, c, l); sixth.held != nil {
		t.Error("there was no room, and one was let in")
	}
	if open, dropped, _ := c.numbers(); open != 3 || dropped != 2 {
		t.Errorf("open %d, dropped %d", open, dropped)
	}
	third.held.handling(-1) // a handler that ends after its connection
	for _, d := range []dialed{first, second, third, fourth, fifth} {
		_ = d.held.Close()
		_ = d.held.Close()
	}
	if open, _, _ := c.numbers(); open != 0 || c.waiting.Len() != 0 || len(c.holders) != 0 {
		t.Errorf("after all: open %d, waiting %d, holders %d", open, c.waiting.Len(), len(c.holders))
	}
}

func TestNobodyHoldsMoreThanAShare(t *testing.T) {
	t.Parallel()
	c, l := newConnections(1000, nobody), socket(t)
	if c.share != leastShare || newConnections(16_000, nobody).share != 1000 || newConnections(5, nobody).share != 5 {
		t.Errorf("shares %d", c.share)
	}
	var all []dialed
	for range leastShare {
		all = append(all, dial(t, c, l))
	}
	other := dial(t, newConnections(1, nobody), l) // somebody else's
	next := dial(t, c, l)
	if all[0].open() || !all[1].open() || !next.open() || !other.open() {
		t.Error("not its own longest waiting connection goes")
	}
	proxied := newConnections(1000, everybody)
	for range leastShare + 1 {
		dial(t, proxied, l)
	}
	if open, dropped, _ := proxied.numbers(); open != leastShare+1 || dropped != 0 {
		t.Errorf("behind a proxy: open %d, dropped %d", open, dropped)
	}
}

func TestWhatAConnectionCountsFor(t *testing.T) {
	t.Parallel()
	for peer, want := range map[string]string{
		"192.0.2.1:5": "192.0.2.1", "[::ffff:192.0.2.1]:5": "192.0.2.1",
		"[2001:db8:1:2:3::4]:5": "2001:db8:1:2::", "[fe80::1%eth0]:5": "fe80::",
	} {
		if got := holderAddress(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(peer))); got.String() != want {
			t.Errorf("%s counts for %s, want %s", peer, got, want)
		}
	}
	if got := holderAddress(&net.UnixAddr{}); got.IsValid() {
		t.Errorf("a Unix socket counts for %s", got)
	}
}

func TestRoomForFiles(t *testing.T) {
	t.Parallel()
	if got := affordable(10); got != 10 {
		t.Errorf("10 connections are cut to %d", got)
	}
	if got := affordable(1 << 40); got >= 1<<40 || got < 1 {
		t.Errorf("as many as no process may open: %d", got)
	}
}

// accepting is a bounded listener somebody accepts from, once.
func accepting(t *testing.T, c *connections, l net.Listener) (client net.Conn, accepted chan error) {
	t.Helper()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	bounded, accepted := newBoundedListener(l, c), make(chan error, 1)
	t.Cleanup(func() { _ = bounded.Close() })
	go func() {
		_, err := bounded.Accept()
		accepted <- err
	}()
	return client, accepted
}

// A listener goes on after those that it refused.
func TestAConnectionBeyondTheShareEndsAtOnce(t *testing.T) {
	t.Parallel()
	c, l := newConnections(1000, nobody), socket(t)
	for range c.share {
		dial(t, c, l).held.handling(+1)
	}
	refused, accepted := accepting(t, c, l)
	if _, err := io.ReadAll(refused); err != nil && !isReset(err) {
		t.Errorf("the refused one reads %v", err)
	}
	_ = l.Close()
	if err := <-accepted; err == nil {
		t.Error("the refused connection was handed out")
	}
	if _, _, refused := c.numbers(); refused != 1 {
		t.Errorf("%d are counted as refused", refused)
	}
}

func TestAConnectionWaitsForRoom(t *testing.T) {
	t.Parallel()
	for name, free := range map[string]func(*connection){
		"an end":    func(k *connection) { _ = k.Close() },
		"an answer": func(k *connection) { k.handling(-1) },
	} {
		c, l := newConnections(1, everybody), socket(t)
		busy := dial(t, c, l)
		busy.held.handling(+1)
		_, accepted := accepting(t, c, l)
		select {
		case err := <-accepted:
			t.Fatalf("%s: accepted without room: %v", name, err)
		case <-time.After(20 * time.Millisecond): // longer makes the test stricter only
		}
		free(busy.held)
		if err := <-accepted; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANewConnectionIsNotPushedOutAtOnce(t *testing.T) {
	t.Parallel()
	c, l := newConnections(1, everybody), socket(t)
	c.grace = time.Hour
	young := dial(t, c, l)
	_, accepted := accepting(t, c, l)
	if !young.open() {
		t.Error("a connection goes before it could be read")
	}
	c.mu.Lock()
	young.held.since = time.Now().Add(-2 * time.Hour)
	c.mu.Unlock()
	c.tellFreed()
	if err := <-accepted; err != nil || young.open() {
		t.Errorf("the old one stays, and the new one is told %v", err)
	}
}

// What is not read yet is this server's fault, once.
func TestAConnectionThatIsNotReadYetIsSpared(t *testing.T) {
	t.Parallel()
	c, l := newConnections(2, everybody), socket(t)
	c.grace = 0
	unread, idle := dial(t, c, l), dial(t, c, l)
	if _, err := io.WriteString(unread.client, "GET"); err != nil {
		t.Fatal(err)
	}
	for !unread.held.unread() {
		time.Sleep(time.Millisecond)
	}
	third := dial(t, c, l)
	if idle.open() || !unread.open() || !third.open() {
		t.Errorf("open: the idle one %t, the unread one %t, the new one %t", idle.open(), unread.open(), third.open())
	}
	dial(t, c, l)
	if fifth := dial(t, c, l); unread.open() || !fifth.open() {
		t.Errorf("open: the unread one %t, the new one %t", unread.open(), fifth.open())
	}
}

// Nor does the server drop what it has read and not come to answer.
func TestAConnectionThatIsWorkedOnIsSpared(t *testing.T) {
	t.Parallel()
	c, l := newConnections(2, everybody), socket(t)
	c.grace = 0
	working, idle := dial(t, c, l), dial(t, c, l)
	working.held.blocked.Add(-1)
	if third := dial(t, c, l); idle.open() || !working.open() || !third.open() {
		t.Errorf("open: the idle one %t, the one at work %t, the new one %t", idle.open(), working.open(), third.open())
	}
	read := make(chan error, 1)
	go func() {
		_, err := working.held.Read(make([]byte, 1))
		read <- err
	}()
	for working.held.blocked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if _, err := io.WriteString(working.client, "G"); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err != nil || working.held.blocked.Load() != 0 {
		t.Errorf("%v, and %d reads go on", err, working.held.blocked.Load())
	}
}

func TestWhoWaitsForRoomIsRefusedInTheEnd(t *testing.T) {
	t.Parallel()
	c, l := newConnections(1, everybody), socket(t)
	dial(t, c, l).held.handling(+1)
	client, _ := accepting(t, c, l)
	if _, err := io.ReadAll(client); err != nil && !isReset(err) {
		t.Errorf("the refused one reads %v", err)
	}
}

func TestTheEndOfAListenerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	c, l := newConnections(1, everybody), socket(t)
	dial(t, c, l).held.handling(+1)
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	close(closed)
	if k := c.admitSoon(accepted.(*net.TCPConn), closed); k != nil {
		t.Error("there was no room, and one was let in")
	}
}

func TestHalfFullIsCrowded(t *testing.T) {
	t.Parallel()
	c, l := newConnections(4, everybody), socket(t)
	dial(t, c, l)
	dial(t, c, l)
	if c.crowded() {
		t.Error("half of the connections are a crowd")
	}
	dial(t, c, l)
	if !c.crowded() {
		t.Error("more than half of the connections are none")
	}
}

func isReset(err error) bool {
	_, ok := err.(*net.OpError)
	return ok
}
