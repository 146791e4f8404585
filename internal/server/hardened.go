package server

import (
	"bytes"
	"net"
)

// halfCloser is a connection that can end its own direction first, as those of
// TCP and TLS can. net/http looks for it, so that a refusal reaches a client
// that is still sending.
type halfCloser interface {
	net.Conn
	CloseWrite() error
}

// hardenedConn is a connection whose every refusal tells browsers not to guess
// its type. net/http answers what it cannot read (a broken request, headers that
// are too long) before any handler runs, and has no hook for these answers.
type hardenedConn struct{ halfCloser }

// hardenedListener gives such connections.
type hardenedListener struct{ net.Listener }

// Accept wraps the next connection.
func (l hardenedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if c, ok := conn.(halfCloser); ok {
		return hardenedConn{c}, err
	}
	return conn, err
}

// NetConn gives the connection below.
func (c hardenedConn) NetConn() net.Conn { return c.halfCloser }

var (
	nosniff  = []byte("X-Content-Type-Options: nosniff\r\n")
	hardened = append([]byte("Cache-Control: no-store\r\n"), nosniff...)
)

// Write sends b, with the headers that a refusal of net/http lacks. No body of
// ours can be taken for one: JSON has no bare line ends.
func (c hardenedConn) Write(b []byte) (int, error) {
	at, ok := bareRefusal(b)
	if !ok {
		return c.halfCloser.Write(b)
	}
	whole := append(append(append(make([]byte, 0, len(b)+len(hardened)), b[:at]...), hardened...), b[at:]...)
	if _, err := c.halfCloser.Write(whole); err != nil {
		return 0, err
	}
	return len(b), nil
}

// bareRefusal finds the end of the status line of an answer of 400 or more whose
// headers do not say nosniff.
func bareRefusal(b []byte) (at int, ok bool) {
	const line = "HTTP/1.1 4"
	if len(b) < len(line) || !bytes.HasPrefix(b, []byte("HTTP/1.")) || b[len(line)-1] < '4' {
		return 0, false
	}
	head, _, whole := bytes.Cut(b, []byte("\r\n\r\n"))
	at = bytes.Index(b, []byte("\r\n")) + len("\r\n")
	return at, whole && at <= len(head)+len("\r\n") && !bytes.Contains(head, nosniff[:len(nosniff)-2])
}
