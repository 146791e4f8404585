// Package smtptest runs a mail server for tests, which keeps what it gets and
// fails when it is told to.
package smtptest

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password are what a server that asks for them takes.
const (
	User     = "postmaster@mail.test"
	Password = "p:ss/w rd"
)

// Mail is a mail that the server has taken.
type Mail struct{ From, To, Data string }

// Step is a moment of a delivery.
type Step string

// The steps at which a server can fail.
const (
	Hello Step = "EHLO"
	From  Step = "MAIL"
	To    Step = "RCPT"
	Data  Step = "DATA"
)

// Fault fails at a step, for a mail to that recipient where it is known already.
// It gives what to answer, or nil to go on.
type Fault func(c *smtp.Conn, step Step, to string) error

// Options are how a server behaves. The zero value takes every mail without TLS.
type Options struct {
	// TLS offers STARTTLS, or is TLS from the first byte on with Implicit.
	TLS, Implicit bool
	// Auth lists the mechanisms of which one must be used.
	Auth []string
}

// Server is a running mail server.
type Server struct {
	// Addr is its host and port.
	Addr string
	// TLS is a client's configuration that trusts it.
	TLS *tls.Config

	t       testing.TB
	o       Options
	cert    tls.Certificate
	running *smtp.Server
	socket  net.Listener

	mu       sync.Mutex
	fault    Fault
	mails    []Mail
	attempts int
	ended    chan struct{}
}

// New starts a server on a free port of this machine.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{t: t, o: o, ended: make(chan struct{}), Addr: "127.0.0.1:0"}
	s.cert, s.TLS = certificate(t)
	s.Start()
	t.Cleanup(func() {
		close(s.ended)
		s.Stop()
	})
	return s
}

// Start listens, on the port of before.
func (s *Server) Start() {
	s.t.Helper()
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Addr = listener.Addr().String()
	config := &tls.Config{Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12}
	server := smtp.NewServer(smtp.BackendFunc(s.session))
	server.Domain, server.AllowInsecureAuth = "mail.test", true
	server.ErrorLog = silent{}
	if s.o.TLS {
		server.TLSConfig = config
	}
	if s.o.Implicit {
		listener = tls.NewListener(listener, config)
	}
	s.running, s.socket = server, listener
	go func() { _ = server.Serve(listener) }()
}

// Stop refuses further connections and ends those there are.
func (s *Server) Stop() {
	_ = s.socket.Close() // the server has not begun with it yet, perhaps
	_ = s.running.Close()
}

// Fail makes the server fail from now on; nil makes it work.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Refuse answers with a code at a step.
func Refuse(at Step, code int, enhanced smtp.EnhancedCode) Fault {
	return func(_ *smtp.Conn, step Step, to string) error {
		if step != at {
			return nil
		}
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "<" + to + "> is not welcome"}
	}
}

// HangUp ends the connection at a step.
func HangUp(at Step) Fault {
	return func(c *smtp.Conn, step Step, _ string) error {
		if step == at {
			_ = c.Conn().Close()
		}
		return nil
	}
}

// Stall answers nothing from a step on.
func (s *Server) Stall(at Step) Fault {
	return func(_ *smtp.Conn, step Step, _ string) error {
		if step == at {
			<-s.ended
		}
		return nil
	}
}

// Mails are the mails that were taken.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Attempts is how many connections there have been.
func (s *Server) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.attempts++
	fault := s.fault
	s.mu.Unlock()
	n := &session{server: s, conn: c, fault: fault}
	return n, n.reach(Hello)
}

type session struct {
	server *Server
	conn   *smtp.Conn
	fault  Fault
	mail   Mail
	known  bool
}

func (n *session) reach(step Step) error {
	if n.fault == nil {
		return nil
	}
	return n.fault(n.conn, step, n.mail.To)
}

// AuthMechanisms are those of the options.
func (n *session) AuthMechanisms() []string { return n.server.o.Auth }

// Auth checks user and password.
func (n *session) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		n.known = true
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	case sasl.Login:
		return &login{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// Mail notes the sender.
func (n *session) Mail(from string, _ *smtp.MailOptions) error {
	if len(n.server.o.Auth) > 0 && !n.known {
		return smtp.ErrAuthRequired
	}
	n.mail.From = from
	return n.reach(From)
}

// Rcpt notes the recipient.
func (n *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	n.mail.To = to
	return n.reach(To)
}

// Data takes the mail.
func (n *session) Data(r io.Reader) error {
	if err := n.reach(Data); err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	n.mail.Data = string(text)
	n.server.mu.Lock()
	defer n.server.mu.Unlock()
	n.server.mails = append(n.server.mails, n.mail)
	return nil
}

// Reset forgets a mail that was begun.
func (n *session) Reset() { n.mail = Mail{} }

// Logout has nothing to free.
func (n *session) Logout() error { return nil }

// login is the server's side of AUTH LOGIN, which the SASL library has for
// clients only.
type login struct {
	check func(user, password string) error
	user  string
	step  int
}

var errLogin = errors.New("unexpected answer")

// Next asks for the user, then for the password.
func (l *login) Next(answer []byte) (challenge []byte, done bool, err error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(answer)
		return []byte("Password:"), false, nil
	case 3:
		return nil, true, l.check(l.user, string(answer))
	}
	return nil, true, errLogin
}

type silent struct{}

// Printf drops what the server has to say about connections that were ended.
func (silent) Printf(string, ...any) {}

// Println does too.
func (silent) Println(...any) {}
