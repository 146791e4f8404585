package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

// stopTimeout is how long requests in flight may take after the signal to
// stop. It is shorter than the 30 seconds that supervisors commonly grant.
const stopTimeout = 14 * time.Second

// maxHeaderBytes bounds the headers of a request.
const maxHeaderBytes = 32 << 10

// listener is a server with the socket it listens on.
type listener struct {
	server *http.Server
	socket net.Listener
}

func (l *listener) serve() error {
	if err := l.server.Serve(hardenedListener{l.socket}); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen opens the public socket, and the ops socket where one is configured,
// before anything is served on either.
func (s *Server) listen() ([]*listener, error) {
	public, err := s.bind(s.cfg.Server.Listen, s.public, "server.listen")
	if err != nil {
		return nil, err
	}
	listeners := []*listener{public}
	if s.cfg.Server.Ops.Listen != "" {
		ops, err := s.bind(s.cfg.Server.Ops.Listen, s.opsHandler(), "server.ops.listen")
		if err != nil {
			return nil, errors.Join(err, public.socket.Close())
		}
		listeners = append(listeners, ops)
	}
	s.announce(listeners)
	return listeners, nil
}

// announce is the one line of a start that says what was resolved.
func (s *Server) announce(listeners []*listener) {
	logs.Notice(s.log, "listening", "address", listeners[0].socket.Addr().String(), "baseURL", s.Auth.BaseURL,
		"mode", s.cfg.Server.Mode, "proxy", describeProxies(s.cfg))
	for _, ops := range listeners[1:] {
		logs.Notice(s.log, "listening for operators", "address", ops.socket.Addr().String())
	}
}

func (s *Server) bind(address string, h http.Handler, option string) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen on %s: %w", option, address, unwrapOp(err))
	}
	t := &s.cfg.Server.Timeouts
	return &listener{socket: socket, server: &http.Server{
		Handler: h, ReadHeaderTimeout: t.Read.Std(), ReadTimeout: t.Read.Std(), WriteTimeout: t.Write.Std(),
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

func (s *Server) opsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.metrics.handler())
	return mux
}

// stop lets requests in flight finish on every listener.
func stop(listeners []*listener, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	var errs []error
	for _, l := range listeners {
		if err := l.server.Shutdown(ctx); err != nil {
			log.Error("requests were still running at the end of the grace period", "error", err)
			errs = append(errs, l.server.Close())
		}
	}
	return errors.Join(errs...)
}
