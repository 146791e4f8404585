package server

import (
	"context"
	"net"
	"syscall"
	"time"
)

// firstByte is for how long the system keeps a new connection to itself whose
// client has said nothing.
const firstByte = 5 * time.Second

// listenTCP opens a socket on which a connection comes only with what its client
// says first, so that silent ones take no place and no memory (TCP_DEFER_ACCEPT
// in tcp(7)). In HTTP and TLS the client always speaks first.
func listenTCP(address string) (net.Listener, error) {
	patient := net.ListenConfig{Control: func(_, _ string, conn syscall.RawConn) error {
		var failed error
		err := conn.Control(func(fd uintptr) {
			failed = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_DEFER_ACCEPT, int(firstByte/time.Second))
		})
		if err != nil {
			return err
		}
		return failed
	}}
	return patient.Listen(context.Background(), "tcp", address)
}
