package server

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"sync"
	"syscall"
)

const (
	// shares is into how many parts the connections are divided: an address
	// alone gets one of them.
	shares = 16
	// leastShare is enough for an office behind one address.
	leastShare = 64
	// spareFiles are the files that the process opens beside its connections.
	spareFiles = 128
)

// connections bounds how many connections are open at once. Where there is no
// room, the connection that has waited longest makes it: one that is kept alive
// without a request, or whose request does not get finished or answer not read.
// One that a handler works for is never dropped.
type connections struct {
	most, share int
	// shared reports peers behind which many clients are.
	shared func(netip.Addr) bool

	mu               sync.Mutex
	open             int
	waiting          *list.List // of *connection, the one that waits longest first
	holders          map[netip.Addr]*holder
	dropped, refused int64
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
	places [2]*list.Element
}

func newConnections(most int, shared func(netip.Addr) bool) *connections {
	return &connections{
		most: most, share: min(most, max(most/shares, leastShare)), shared: shared,
		waiting: list.New(), holders: map[netip.Addr]*holder{},
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

// admit counts a new connection, and gives nil where there is no room for it
// and none can be made.
func (c *connections) admit(conn *net.TCPConn) *connection {
	address := holderAddress(conn.RemoteAddr())
	c.mu.Lock()
	h := c.holders[address]
	if h == nil {
		h = &holder{waiting: list.New()}
	}
	victim, room := c.room(h, address)
	if !room {
		c.refused++
		c.mu.Unlock()
		return nil
	}
	if victim != nil {
		c.dropped++
		c.forget(victim)
	}
	k := &connection{TCPConn: conn, of: c, address: address, holder: h}
	c.holders[address] = h
	c.open++
	h.open++
	k.wait()
	c.mu.Unlock()
	if victim != nil {
		_ = victim.TCPConn.Close()
	}
	return k
}

// room finds whether one more may be open, and which one has to go for it.
func (c *connections) room(h *holder, address netip.Addr) (victim *connection, room bool) {
	from := c.waiting
	switch {
	case h.open >= c.share && !c.shared(address):
		from = h.waiting
	case c.open < c.most:
		return nil, true
	}
	first := from.Front()
	if first == nil {
		return nil, false
	}
	return first.Value.(*connection), true
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
	c.open--
	if k.holder.open--; k.holder.open == 0 {
		delete(c.holders, k.address)
	}
	k.holder = nil
}

// wait puts k at the end of those that wait.
func (k *connection) wait() {
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
}

// Accept waits for the next connection that there is room for.
func (l boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		tcp, ok := conn.(*net.TCPConn)
		if err != nil || !ok {
			return conn, err
		}
		if k := l.connections.admit(tcp); k != nil {
			return k, nil
		}
		_ = tcp.Close()
	}
}

// numbers are what metrics show.
func (c *connections) numbers() (open int, dropped, refused int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open, c.dropped, c.refused
}
