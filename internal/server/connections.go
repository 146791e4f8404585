package server

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// shares is into how many parts the connections are divided: an address
	// alone gets one of them.
	shares = 16
	// leastShare is enough for an office behind one address.
	leastShare = 64
	// spareFiles are the files that the process opens beside its connections.
	spareFiles = 128
	// grace is how long a connection may wait for its client before it can be made
	// to go: a crowd that comes at once must not push itself out before it is read.
	grace = time.Second
	// acceptPatience is how long a new connection waits for room where every other
	// one is worked for or in its grace.
	acceptPatience = 5 * time.Second
	// spareAtOnce bounds the search for a connection to go.
	spareAtOnce = 16
)

// connections bounds how many connections are open at once. Where there is no
// room, the connection that has waited longest makes it: one that is kept alive
// without a request, or whose request does not get finished or answer not read.
// One that a handler works for is never dropped; a new one then waits a while.
type connections struct {
	most, share int
	grace       time.Duration
	// shared reports peers behind which many clients are.
	shared func(netip.Addr) bool

	mu               sync.Mutex
	open             int
	waiting          *list.List // of *connection, the one that waits longest first
	holders          map[netip.Addr]*holder
	dropped, refused int64

	// freed tells whoever waits for room that there may be some.
	freed chan struct{}
}

// holder is an address with open connections.
type holder struct {
	open    int
	waiting *list.List
}

// connection is one that counts.
type connection struct {
	*net.TCPConn
	of      *connections
	address netip.Addr
	// What follows is guarded by of.mu.
	holder *holder // nil once it counts no more
	busy   int     // handlers at work; HTTP/2 may have several
	since  time.Time
	spared bool // once already, since a handler last worked for it

	// blocked counts reads and writes under way, which the client may hold up.
	blocked atomic.Int32
	places  [2]*list.Element
}

func newConnections(most int, shared func(netip.Addr) bool) *connections {
	return &connections{
		most: most, share: min(most, max(most/shares, leastShare)), grace: grace, shared: shared,
		waiting: list.New(), holders: map[netip.Addr]*holder{}, freed: make(chan struct{}, 1),
	}
}

// affordable is how many of the configured connections the process may open
// files for.
func affordable(configured int) int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || files.Cur > uint64(configured)+spareFiles {
		return configured
	}
	return max(1, int(files.Cur)-spareFiles)
}

// checkFiles tells whether the process may open as many files as it is to have
// connections.
func (k *checker) checkFiles() {
	most := k.cfg.Server.MaxConns
	if can := affordable(most); can < most {
		k.add(LevelWarning, "server.maxConnections", "the limit of open files leaves room for %d connections, not %d: raise it (ulimit -n, LimitNOFILE) or lower the option", can, most)
	}
}

// crowded reports whether more than half of the connections are taken, so that
// none should stay open for nothing.
func (c *connections) crowded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open > c.most/2
}

// admit counts a new connection. Where there is no room for it and none can be
// made it gives nil, and how long another try may have to wait; no time means
// that its address has too many.
func (c *connections) admit(conn *net.TCPConn) (k *connection, retry time.Duration) {
	address := holderAddress(conn.RemoteAddr())
	c.mu.Lock()
	h := c.holders[address]
	if h == nil {
		h = &holder{waiting: list.New()}
	}
	victim, retry, room := c.room(h, address)
	if !room {
		c.mu.Unlock()
		return nil, retry
	}
	if victim != nil {
		c.dropped++
		c.forget(victim)
	}
	k = &connection{TCPConn: conn, of: c, address: address, holder: h}
	c.holders[address] = h
	c.open++
	h.open++
	k.wait()
	c.mu.Unlock()
	if victim != nil {
		_ = victim.TCPConn.Close()
	}
	return k, 0
}

// room finds whether one more may be open and which one has to go for it, or how
// long until that may be found again.
func (c *connections) room(h *holder, address netip.Addr) (victim *connection, retry time.Duration, ok bool) {
	if h.open >= c.share && !c.shared(address) {
		if first := h.waiting.Front(); first != nil {
			return first.Value.(*connection), 0, true
		}
		return nil, 0, false
	}
	if c.open < c.most {
		return nil, 0, true
	}
	for range spareAtOnce {
		first := c.waiting.Front()
		if first == nil {
			return nil, acceptPatience, false
		}
		victim = first.Value.(*connection)
		if retry = c.grace - time.Since(victim.since); retry > 0 {
			return nil, retry, false
		}
		if !victim.spare() {
			break
		}
	}
	return victim, 0, true
}

// spare puts a connection at the end of those that wait if it is this server that
// is slow: it works on what it has read, or has not come to read what the client
// has sent. The latter it does once.
func (k *connection) spare() bool {
	late := k.blocked.Load() > 0
	if late && (k.spared || !k.unread()) {
		return false
	}
	k.work()
	k.wait()
	k.spared = late
	return true
}

// Read reads from the client.
func (k *connection) Read(b []byte) (int, error) {
	k.blocked.Add(1)
	defer k.blocked.Add(-1)
	return k.TCPConn.Read(b)
}

// Write writes to the client.
func (k *connection) Write(b []byte) (int, error) {
	k.blocked.Add(1)
	defer k.blocked.Add(-1)
	return k.TCPConn.Write(b)
}

// unread tells whether something that the client has sent waits to be read.
func (k *connection) unread() bool {
	raw, err := k.SyscallConn()
	if err != nil {
		return false
	}
	n := 0
	_ = raw.Control(func(fd uintptr) {
		n, _, err = syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return err == nil && n > 0
}

// admitSoon is admit for a connection that may wait for room, though not beyond
// the end of the listener. The one that gets none is closed.
func (c *connections) admitSoon(conn *net.TCPConn, closed <-chan struct{}) *connection {
	late := time.After(acceptPatience)
	for {
		k, retry := c.admit(conn)
		if k != nil {
			return k
		}
		if retry == 0 || !c.waitForRoom(retry, late, closed) {
			c.refuse(conn)
			return nil
		}
	}
}

// waitForRoom tells whether there may be room now.
func (c *connections) waitForRoom(retry time.Duration, late <-chan time.Time, closed <-chan struct{}) bool {
	select {
	case <-c.freed:
	case <-time.After(retry):
	case <-late:
		return false
	case <-closed:
		return false
	}
	return true
}

func (c *connections) refuse(conn *net.TCPConn) {
	c.mu.Lock()
	c.refused++
	c.mu.Unlock()
	_ = conn.Close()
}

// holderAddress is the address that a connection counts for. Who has one
// address of IPv6 has the other 2^64 of its network too.
func holderAddress(peer net.Addr) netip.Addr {
	tcp, ok := peer.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	a := tcp.AddrPort().Addr().Unmap().WithZone("")
	if a.Is4() {
		return a
	}
	network, _ := a.Prefix(64)
	return network.Addr()
}

// forget takes k out of every count. It may be called again.
func (c *connections) forget(k *connection) {
	if k.holder == nil {
		return
	}
	k.work()
	c.tellFreed()
	c.open--
	if k.holder.open--; k.holder.open == 0 {
		delete(c.holders, k.address)
	}
	k.holder = nil
}

// tellFreed never waits: who looks for room looks again after each time.
func (c *connections) tellFreed() {
	select {
	case c.freed <- struct{}{}:
	default:
	}
}

// wait puts k at the end of those that wait.
func (k *connection) wait() {
	k.of.tellFreed()
	k.since = time.Now()
	k.places = [2]*list.Element{k.of.waiting.PushBack(k), k.holder.waiting.PushBack(k)}
}

// work takes k out of those that wait.
func (k *connection) work() {
	if k.places[0] != nil {
		k.of.waiting.Remove(k.places[0])
		k.holder.waiting.Remove(k.places[1])
		k.places = [2]*list.Element{}
	}
}

// Close ends the connection.
func (k *connection) Close() error {
	k.of.mu.Lock()
	k.of.forget(k)
	k.of.mu.Unlock()
	return k.TCPConn.Close()
}

// handling counts handlers that begin and end.
func (k *connection) handling(change int) {
	k.of.mu.Lock()
	defer k.of.mu.Unlock()
	if k.busy += change; k.holder == nil {
		return
	}
	k.work()
	k.spared = false
	if k.busy == 0 {
		k.wait()
	}
}

type connectionKey struct{}

// remember is what net/http calls with every connection, so that its handlers
// find it.
func remember(ctx context.Context, conn net.Conn) context.Context {
	for {
		switch c := conn.(type) {
		case *connection:
			return context.WithValue(ctx, connectionKey{}, c)
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return ctx
		}
	}
}

// boundedListener gives connections that count.
type boundedListener struct {
	net.Listener
	connections *connections
	closed      chan struct{}
	close       func()
}

func newBoundedListener(l net.Listener, c *connections) *boundedListener {
	b := &boundedListener{Listener: l, connections: c, closed: make(chan struct{})}
	b.close = sync.OnceFunc(func() { close(b.closed) })
	return b
}

// Accept waits for the next connection that there is room for.
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if err != nil || !ok {
			return conn, err
		}
		if k := l.connections.admitSoon(tcp, l.closed); k != nil {
			return k, nil
		}
	}
}

// Close ends the listener, and whoever waits in it.
func (l *boundedListener) Close() error {
	l.close()
	return l.Listener.Close()
}

// numbers are what metrics show.
func (c *connections) numbers() (open int, dropped, refused int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open, c.dropped, c.refused
}
