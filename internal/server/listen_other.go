//go:build !linux

package server

import "net"

// listenTCP opens a socket.
func listenTCP(address string) (net.Listener, error) { return net.Listen("tcp", address) }
