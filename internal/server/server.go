// Package server puts the parts together: the whole configuration, the plugin
// list, the listeners, and the steps around every request.
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/clientip"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/redis"
	"github.com/sallyport-auth/sallyport/internal/scrypt"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/sweep"
	"github.com/sallyport-auth/sallyport/internal/trace"
)

// Server answers the API. Make it with New, listen with Run, and Close it.
type Server struct {
	// Auth is the state of the features, for commands that share it.
	Auth *auth.Auth
	// Outbox is where its messages wait.
	Outbox *mail.Outbox

	cfg      *Config
	log      *slog.Logger
	access   *slog.Logger // nil where no access log is kept
	store    *store.Store
	tracer   *trace.Tracer // nil where no traces are sent
	metrics  *metrics
	events   *prometheus.CounterVec
	plugins  []auth.Plugin
	keys     func() jwt.KeyState // nil without signing keys
	public   http.Handler
	limiter  *ratelimit.Limiter
	ready    *readiness
	ops      http.Handler
	sweeper  *sweep.Sweeper
	clock    *clock
	senders  *mail.Senders
	redis    *redis.Client // nil where it is not used
	stopping atomic.Bool

	// throttled counts decisions of the throttle.
	throttled   *prometheus.CounterVec
	connections *connections
	certificate *certificate // nil without TLS
	hashing     *hashMetrics
	trimmer     trimmer
	// fingerprint is that of the configuration.
	fingerprint string
	// addresses finds out who sends a request.
	addresses *clientip.Resolver
}

// Deps is what New can be given in place of the machine's own.
type Deps struct {
	Log *slog.Logger
	// Access is where a line for each request goes with server.accessLog.
	Access *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Tables waits until the tables are as the server needs them, and tells where
	// they are not; nil where they are.
	Tables func() error
	// Sweep is how fast expired rows are deleted.
	Sweep sweep.Pace
	// HashCost is for tests alone: see secure.PasswordOptions.
	HashCost scrypt.Cost
	// Outbound is the way to other servers, for tests alone; nil means the network.
	Outbound http.RoundTripper

	via string // who asks where no client does
}

// New opens the database and makes every part, and listens nowhere yet. cfg
// must be complete (Complete).
func New(ctx context.Context, cfg *Config, d Deps) (_ *Server, err error) {
	if d.Now == nil {
		d.Now = now
	}
	s := &Server{cfg: cfg, log: d.Log}
	if cfg.Server.AccessLog {
		s.access = d.Access
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if s.tracer, err = newTracer(ctx, cfg, d.Log); err != nil {
		return nil, err
	}
	if err := s.open(ctx, d); err != nil {
		return nil, err
	}
	s.metrics = newMetrics()
	made, err := plugins(s.Auth, cfg, d.Log, newOutbound(cfg, d.Outbound, s.watchOutbound))
	if err != nil {
		return nil, err
	}
	s.plugins, s.keys = made.made, made.keys
	s.Auth.Attach(s.plugins)
	if s.addresses, err = clientAddresses(cfg, d.Log); err != nil {
		return nil, err
	}
	if s.senders, err = s.newSenders(d); err != nil {
		return nil, err
	}
	if err = s.openRedis(ctx); err != nil {
		return nil, err
	}
	s.clock = &clock{store: s.store, now: d.Now, log: d.Log}
	s.ready = &readiness{clock: s.clock, stopping: s.stopping.Load}
	if err = s.prepareListener(d.Now); err != nil {
		return nil, err
	}
	s.metrics.watch(s.gauges(), s.pool(), s.glance(s.ready), s.connections.metrics(), s.throttled, s.hashing, s.events)
	s.metrics.watchRedis(s.redis)
	s.public = s.handler(d.Now)
	s.ops = s.opsHandler()
	if s.sweeper, err = s.newSweeper(d); err != nil {
		return nil, err
	}
	if s.fingerprint, err = cfg.fingerprint(); err != nil {
		return nil, err
	}
	return s, s.start(ctx, d.Tables)
}

// start begins what plugins do beside the requests, once there are tables. All
// that needs none has been made meanwhile.
func (s *Server) start(ctx context.Context, tables func() error) error {
	if tables != nil {
		if err := tables(); err != nil {
			return err
		}
	}
	return startPlugins(ctx, s.plugins)
}

// open makes what every plugin shares.
func (s *Server) open(ctx context.Context, d Deps) error {
	set, err := Schema(s.cfg)
	if err != nil {
		return err
	}
	secrets, err := Secrets(s.cfg)
	if err != nil {
		return err
	}
	options := StoreOptions(s.cfg, set, d.Log)
	s.events = newEventMetric()
	options.Noted = func(event, outcome string) { s.events.WithLabelValues(event, outcome).Inc() }
	options.Tracer = s.tracer.Statements()
	if s.store, err = store.Open(ctx, options); err != nil {
		return err
	}
	s.Outbox = mail.NewOutbox(s.store, secrets, d.Now, rand.Reader)
	s.hashing = newHashMetrics()
	passwords := s.hashing.newPasswords(s.cfg, s.tracer, d.HashCost, s.trimmer.hashed)
	s.throttled = newThrottleMetric()
	s.Auth, err = auth.New(s.cfg.Config, auth.Deps{
		Store: s.store, Secrets: secrets, Passwords: passwords, Schema: set, Now: d.Now, Rand: rand.Reader,
		Outbox: s.Outbox.Keep, Throttle: s.newThrottle(secrets, d), Via: d.via,
	})
	if err != nil {
		passwords.Close()
	}
	return err
}

// Close ends what New began. It may be called on a half-made server.
func (s *Server) Close() {
	closePlugins(s.plugins)
	if s.redis != nil {
		s.redis.Close()
	}
	if s.Auth != nil {
		s.Auth.Passwords.Close()
	}
	if s.store != nil {
		s.store.Close()
	}
	ending, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	s.tracer.Close(ending)
}

// flushTimeout is how long the last traces may take on their way.
const flushTimeout = 3 * time.Second

// Handler is the public listener's handler, for tests and for embedding.
func (s *Server) Handler() http.Handler { return s.public }

func (s *Server) handler(now func() time.Time) http.Handler {
	api := s.endpoints(now)
	if *s.cfg.Server.CORS {
		api = withCORS(s.Auth, api)
	}
	// No http.ServeMux here: it would redirect to cleaned paths, where the
	// original answers the path that was asked for, or 404.
	byPath := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case livePath:
			exchangeOf(r).route = livePath
			livez(w, r)
		case readyPath:
			exchangeOf(r).route = readyPath
			s.ready.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
	return &outer{
		next: byPath, addresses: s.addresses, log: s.log, access: s.access, bodyLimit: int64(s.cfg.Server.BodyLimit),
		deadline: s.cfg.Server.Timeouts.Request.Std(), metrics: s.metrics,
		stopping: s.stopping.Load, crowded: s.connections.crowded, guards: guards(s.strictTransport()),
		tracer: s.tracer, base: basePath(s.Auth),
	}
}

// prepareListener makes what the public listener needs beside its handler.
func (s *Server) prepareListener(now func() time.Time) (err error) {
	s.connections = newConnections(affordable(s.cfg.Server.MaxConns), s.addresses.TrustsAddress)
	if s.cfg.Server.TLS.On() {
		s.certificate, err = newCertificate(s.cfg.Server.TLS, s.log, now)
	}
	return err
}

func (s *Server) endpoints(now func() time.Time) http.Handler {
	dispatcher, routes, rules := s.dispatcher()
	serve := func(route *api.Route) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			x := exchangeOf(r)
			x.route = route.Path
			x.user = dispatcher.Serve(w, r, route, x.address, x.log).UserID()
		}
	}
	e := &endpoints{
		base: basePath(s.Auth), disabled: s.cfg.DisabledPaths, skipSlash: s.cfg.Advanced.SkipTrailingSlashes,
		mux: newMux(routes, serve), limitObserved: s.metrics.limited,
	}
	s.limiter = s.newLimiter(rules, now)
	if limitsAnything(s.cfg) {
		e.limit = s.limits(dispatcher)
	}
	return e
}

// dispatcher gathers what the plugins add, in their order.
func (s *Server) dispatcher() (*api.Dispatcher, []api.Route, []ratelimit.Rule) {
	guard := newOriginGuard(s.Auth)
	d := &api.Dispatcher{
		CheckOrigin: guard.check, CheckForm: guard.checkForm, Authenticate: s.Auth.Authenticate,
		RequestID: func(r *http.Request) string { return exchangeOf(r).request },
	}
	var routes []api.Route
	var rules []ratelimit.Rule
	for _, p := range s.plugins {
		routes = append(routes, p.Routes...)
		rules = append(rules, p.RateLimits...)
		d.Before = append(d.Before, p.Before...)
		d.After = append(d.After, p.After...)
	}
	// Whoever asks for the session before the handler sees it, however it came.
	slices.SortStableFunc(d.Before, func(a, b api.Hook) int {
		switch {
		case a.Credential == b.Credential:
			return 0
		case a.Credential:
			return -1
		}
		return 1
	})
	return d, routes, rules
}

// now is the machine's clock.
func now() time.Time { return time.Now() }

// Secrets makes the secrets of a configuration.
func Secrets(cfg *Config) (*secure.Secrets, error) {
	versions := make([]secure.Version, len(cfg.Secrets))
	for i, v := range cfg.Secrets {
		versions[i] = secure.Version{Number: *v.Version, Secret: v.Value.Reveal()}
	}
	secrets, err := secure.NewSecrets(cfg.Secret.Reveal(), versions)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	if *cfg.Server.OldSecrets {
		secrets.AcceptOlder()
	}
	return secrets, nil
}

// Run listens until ctx ends, goes on for the time of the drain, and then lets
// the requests in flight finish.
func (s *Server) Run(ctx context.Context) error {
	servers, err := s.listen()
	if err != nil {
		return err
	}
	if err := s.noteStart(ctx); err != nil {
		return errors.Join(err, s.stop(servers))
	}
	background, end := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { s.sweeper.Run(background) })
	working.Go(func() { s.clock.watch(background) })
	working.Go(func() { s.trimmer.run(background) })
	defer working.Wait()
	defer end()
	stopDelivery := func() {}
	if sends(s.cfg) {
		if stopDelivery, err = s.StartDelivery(ctx); err != nil {
			return errors.Join(err, s.stop(servers))
		}
	}
	failed := make(chan error, len(servers))
	for _, l := range servers {
		go func() { failed <- l.serve() }()
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = s.drain(failed)
	}
	working.Go(stopDelivery)
	return errors.Join(err, s.stop(servers))
}
