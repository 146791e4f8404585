package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

// maxHeaderBytes bounds the headers of a request.
const maxHeaderBytes = 32 << 10

// maxStreams bounds the requests at once on one connection of HTTP/2.
const maxStreams = 100

// listener is a server with the socket it listens on.
type listener struct {
	server *http.Server
	socket net.Listener
	// cut ends the contexts of its requests.
	cut context.CancelFunc
}

func (l *listener) serve() error {
	if err := l.server.Serve(l.socket); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen opens the public socket, and the ops socket where one is configured,
// before anything is served on either.
func (s *Server) listen() ([]*listener, error) {
	public, err := s.listenPublic()
	if err != nil {
		return nil, err
	}
	listeners := []*listener{public}
	if s.cfg.Server.Ops.Listen != "" {
		ops, err := s.bind(s.cfg.Server.Ops.Listen, s.ops, "server.ops.listen")
		if err != nil {
			return nil, errors.Join(err, public.socket.Close())
		}
		listeners = append(listeners, ops)
	}
	s.announce(listeners)
	return listeners, nil
}

// listenPublic opens the public socket, whose connections are counted, and
// speaks TLS on it where that is configured.
func (s *Server) listenPublic() (*listener, error) {
	l, err := s.bind(s.cfg.Server.Listen, s.public, "server.listen")
	if err != nil {
		return nil, err
	}
	l.server.ConnContext = remember
	bounded := newBoundedListener(l.socket, s.connections)
	if s.certificate == nil {
		l.socket = hardenedListener{bounded}
		return l, nil
	}
	l.server.TLSConfig = s.certificate.config()
	l.server.HTTP2 = &http.HTTP2Config{
		MaxConcurrentStreams: maxStreams, MaxReceiveBufferPerConnection: 1 << 20, MaxReceiveBufferPerStream: 1 << 18,
		WriteByteTimeout: s.cfg.Server.Timeouts.Write.Std(),
	}
	l.socket = newTLSListener(bounded, l.server.TLSConfig, s.cfg.Server.Timeouts.Read.Std())
	return l, nil
}

// announce is the one line of a start that says what was resolved.
func (s *Server) announce(listeners []*listener) {
	logs.Notice(s.log, "listening", "address", listeners[0].socket.Addr().String(), "baseURL", s.Auth.BaseURL,
		"mode", s.cfg.Server.Mode, "tls", s.cfg.Server.TLS.On(), "connections", s.connections.most, "proxy", s.addresses.String())
	for _, ops := range listeners[1:] {
		logs.Notice(s.log, "listening for operators", "address", ops.socket.Addr().String())
	}
}

func (s *Server) bind(address string, h http.Handler, option string) (*listener, error) {
	socket, err := listenTCP(address)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen on %s: %w", option, address, unwrapOp(err))
	}
	t := &s.cfg.Server.Timeouts
	base, cut := context.WithCancel(context.Background())
	return &listener{socket: socket, cut: cut, server: &http.Server{
		BaseContext: func(net.Listener) context.Context { return base },
		Handler:     h, ReadHeaderTimeout: t.Read.Std(), ReadTimeout: t.Read.Std(), WriteTimeout: t.Write.Std(),
		IdleTimeout: t.Idle.Std(), MaxHeaderBytes: maxHeaderBytes, DisableGeneralOptionsHandler: true,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}}, nil
}

// unwrapOp takes the address that the caller names anyway out of a listen
// error.
func unwrapOp(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
