package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

// rereadEvery is how often the files of a certificate are looked at.
const rereadEvery = 10 * time.Second

// certificate is the pair of files that server.tls names. It is read again when
// one of them changes, because certificates are renewed more often than servers
// are restarted.
type certificate struct {
	files TLSConfig
	log   *slog.Logger
	now   func() time.Time

	pair atomic.Pointer[tls.Certificate]

	mu     sync.Mutex
	looked time.Time
	seen   [2]stamp
}

// stamp tells one state of a file from another.
type stamp struct {
	modified time.Time
	size     int64
}

// ReadCertificate reads the files of server.tls.
func ReadCertificate(files TLSConfig) (*tls.Certificate, error) {
	cert, err := os.ReadFile(files.Cert)
	if err != nil {
		return nil, fmt.Errorf("server.tls.cert: %w", err)
	}
	key, err := os.ReadFile(files.Key)
	if err != nil {
		return nil, fmt.Errorf("server.tls.key: %w", err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("server.tls: %s with %s: %w", files.Cert, files.Key, err)
	}
	return &pair, nil
}

func newCertificate(files TLSConfig, log *slog.Logger, now func() time.Time) (*certificate, error) {
	c := &certificate{files: files, log: log, now: now, looked: now()}
	c.seen = c.stamps()
	pair, err := ReadCertificate(files)
	c.pair.Store(pair)
	return c, err
}

// get is what the handshake of every connection asks for.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	// Who finds another at it takes what there is.
	if c.mu.TryLock() {
		c.look()
		c.mu.Unlock()
	}
	return c.pair.Load(), nil
}

// look reads the files again if they have changed. What cannot be read leaves
// the old certificate in use, until a file changes again.
func (c *certificate) look() {
	now := c.now()
	if now.Sub(c.looked) < rereadEvery {
		return
	}
	c.looked = now
	// The stamps come first: a change while reading is seen the next time.
	stamps := c.stamps()
	if stamps == c.seen {
		return
	}
	c.seen = stamps
	pair, err := ReadCertificate(c.files)
	if err != nil {
		c.log.Error("the certificate's files have changed and cannot be used; the old one stays", "error", err)
		return
	}
	c.pair.Store(pair)
	logs.Notice(c.log, "a new certificate is in use", "ends", pair.Leaf.NotAfter)
}

func (c *certificate) stamps() (s [2]stamp) {
	for i, name := range []string{c.files.Cert, c.files.Key} {
		if info, err := os.Stat(name); err == nil {
			s[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return s
}

// config is how the public listener speaks TLS.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.get}
}

// tlsListener gives connections whose handshake is done. net/http would do it by
// itself, but then its own refusals could not be hardened: they are written to
// the connection that it knows to be TLS. So it gets HTTP/2 connections as they
// are, and those of HTTP/1 wrapped.
type tlsListener struct {
	net.Listener
	config  *tls.Config
	timeout time.Duration
	ready   chan net.Conn
	failed  chan error
	closed  context.Context
	close   context.CancelFunc
}

func newTLSListener(inner net.Listener, config *tls.Config, timeout time.Duration) *tlsListener {
	l := &tlsListener{Listener: inner, config: config, timeout: timeout, ready: make(chan net.Conn), failed: make(chan error)}
	l.closed, l.close = context.WithCancel(context.Background())
	go l.run()
	return l
}

// run accepts connections until there are no more. As many handshakes run at
// once as connections may be open.
func (l *tlsListener) run() {
	for {
		conn, err := l.Listener.Accept()
		if err == nil {
			go l.shake(conn)
			continue
		}
		select {
		case l.failed <- err:
		case <-l.closed.Done():
			return
		}
	}
}

// shake takes one connection through its handshake.
func (l *tlsListener) shake(conn net.Conn) {
	ctx, cancel := context.WithTimeout(l.closed, l.timeout)
	defer cancel()
	secured := tls.Server(conn, l.config)
	if err := secured.HandshakeContext(ctx); err != nil {
		refusePlain(err)
		_ = conn.Close()
		return
	}
	var whole net.Conn = hardenedConn{secured}
	if secured.ConnectionState().NegotiatedProtocol == "h2" {
		whole = secured
	}
	select {
	case l.ready <- whole:
	case <-l.closed.Done():
		_ = conn.Close()
	}
}

// refusePlain answers a client that speaks HTTP where HTTPS is spoken.
func refusePlain(err error) {
	var record tls.RecordHeaderError
	if !errors.As(err, &record) || record.Conn == nil {
		return
	}
	switch string(record.RecordHeader[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "PATCH", "DELET":
		_, _ = io.WriteString(record.Conn, "HTTP/1.1 400 Bad Request\r\n"+string(hardened)+
			"Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nThis server speaks HTTPS.\n")
	}
}

// Accept waits for the next connection.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.ready:
		return conn, nil
	case err := <-l.failed:
		return nil, err
	case <-l.closed.Done():
		return nil, net.ErrClosed
	}
}

// Close ends the listener, and handshakes with it.
func (l *tlsListener) Close() error {
	l.close()
	return l.Listener.Close()
}
