package authtest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Wire stands between a server and Postgres: it counts the statements that
// pass, and can be cut, slowed and stalled. The zero value is ready for one
// database.
type Wire struct {
	statements atomic.Int64
	delay      atomic.Int64 // of each round trip
	network    string       // of Postgres: tcp or unix
	address    string

	mu      sync.Mutex
	seen    []string
	cut     bool
	stalled chan struct{} // closed when the wire is mended or cut; nil when it is whole
	conns   map[net.Conn]bool
}

// Statements is how many statements Postgres has been asked to run.
func (w *Wire) Statements() int { return int(w.statements.Load()) }

// Seen gives what has passed since it was last asked, in order: the name under
// which pgx has prepared a statement, or the text of one that is not prepared.
func (w *Wire) Seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.seen
	w.seen = nil
	return seen
}

// note remembers the statement that a message of the client names.
func (w *Wire) note(kind byte, content []byte) {
	parts := bytes.SplitN(content, []byte{0}, 3)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case bytes.Contains(content, ping):
	case kind == 'B' && len(parts) > 1: // portal, statement
		w.seen = append(w.seen, string(parts[1]))
	case kind == 'Q':
		w.seen = append(w.seen, string(parts[0]))
	}
}

// Cut ends every connection and refuses new ones, as a database that is gone.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	w.release()
	for c := range w.conns {
		_ = c.Close()
	}
	clear(w.conns)
}

// Delay makes every round trip take that much longer.
func (w *Wire) Delay(d time.Duration) { w.delay.Store(int64(d)) }

// Stall lets nothing through any more and tells nobody, as a network does that
// drops every packet.
func (w *Wire) Stall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stalled == nil {
		w.stalled = make(chan struct{})
	}
}

// Mend lets through again what comes, and what was held by Stall.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
	w.release()
}

func (w *Wire) release() {
	if w.stalled != nil {
		close(w.stalled)
		w.stalled = nil
	}
}

// pass waits while the wire is stalled.
func (w *Wire) pass() {
	w.mu.Lock()
	stalled := w.stalled
	w.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// Lay begins to listen and gives the URL under which the database is reached
// through the wire.
func (w *Wire) Lay(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	to, err := pgconn.ParseConfig(database)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.network, w.address = pgconn.NetworkAddress(to.Host, to.Port)
	w.conns = map[net.Conn]bool{}
	go w.accept(socket)
	t.Cleanup(func() {
		_ = socket.Close()
		w.Cut()
	})
	query := u.Query()
	query.Set("sslmode", "disable") // what is encrypted cannot be counted
	query.Del("host")               // names the socket of a private server, and would win
	query.Del("port")
	u.Host, u.RawQuery = socket.Addr().String(), query.Encode()
	return u.String()
}

func (w *Wire) accept(socket net.Listener) {
	for {
		client, err := socket.Accept()
		if err != nil {
			return
		}
		go w.carry(client)
	}
}

// carry connects one client and passes everything on until either end goes.
func (w *Wire) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial(w.network, w.address)
	if err != nil || !w.keep(client, server) {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		w.back(client, server)
		_ = client.Close()
	}()
	w.forward(server, client)
}

func (w *Wire) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return false
	}
	for _, c := range conns {
		w.conns[c] = true
	}
	return true
}

// back passes on what Postgres answers.
func (w *Wire) back(client io.Writer, server io.Reader) {
	for part := make([]byte, 32<<10); ; {
		n, err := server.Read(part)
		w.pass()
		if _, writeErr := client.Write(part[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

// ping is what the pool sends to see whether a connection lives that has been
// idle for a second; on a slow machine that is between any two statements.
var ping = []byte("-- ping")

// forward passes on the messages of a client: the one that begins the
// connection has no type, all others do (PostgreSQL documentation, "Message
// Formats"). A statement is one Execute or one simple Query.
func (w *Wire) forward(server io.Writer, client io.Reader) {
	for head := make([]byte, 4); ; head = make([]byte, 5) {
		if _, err := io.ReadFull(client, head); err != nil {
			return
		}
		message := make([]byte, len(head)+int(binary.BigEndian.Uint32(head[len(head)-4:]))-4)
		if _, err := io.ReadFull(client, message[copy(message, head):]); err != nil {
			return
		}
		if len(head) == 5 {
			w.note(head[0], message[5:])
		}
		if (head[0] == 'E' || head[0] == 'Q') && !bytes.Contains(message, ping) {
			w.statements.Add(1)
		}
		if len(head) == 5 && (head[0] == 'S' || head[0] == 'Q') { // Sync ends what is sent at once
			time.Sleep(time.Duration(w.delay.Load()))
		}
		w.pass()
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}
