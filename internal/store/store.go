// Package store is the database: whole rows of the shared tables (user,
// session, account) through the field set, and everything with fixed columns
// through the queries that sqlc generates.
//
// One round trip per question, times as parameters, no session state: what
// runs here also runs behind a transaction pooler.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// OwnSchema is the schema of our own tables, unless Options say otherwise.
const OwnSchema = "sallyport"

const (
	defaultMaxConns = 10
	// acquireTimeout is how long a request waits for a free connection before
	// it is told to come back later.
	acquireTimeout = 3 * time.Second
	connectTimeout = 5 * time.Second
	// connectTimeoutOfMany is for each of several hosts. It leaves a request that
	// waits for a connection the time to reach the second when the first is gone
	// without a word.
	connectTimeoutOfMany = 2 * time.Second
	// pingTimeout bounds the look whether an idle connection still lives.
	pingTimeout = time.Second
	maxTries    = 4
)

// Options say which database to open.
type Options struct {
	// URL is a Postgres connection URL. Its default_query_exec_mode and
	// pool_max_conns are honoured.
	URL string
	// Schema holds Better Auth's tables; empty leaves it to the search_path.
	Schema string
	// OwnSchema holds our own tables; empty means OwnSchema.
	OwnSchema string
	// Set is which columns exist.
	Set *schema.Set
	// MaxConns bounds the pool; 0 means 10, or what the URL says.
	MaxConns int32
	// Tracer hears of every statement; nil for nobody.
	Tracer pgx.QueryTracer
	Log    *slog.Logger
	// Audit says that notes are written; without it they are only told of.
	Audit bool
	// Noted hears of every note when what it tells of has been committed; may be
	// nil.
	Noted func(event, outcome string)
}

// Store runs queries, inside a transaction when InTx has made it.
type Store struct {
	*db.Queries
	run    runner
	pool   *pgxpool.Pool
	layout *layouts
	names  *names
	inTx   bool
	// lookups is nil where each session is asked for alone.
	lookups *lookups
	// prepares tells that statements are prepared, as the URL may forbid.
	prepares bool

	audits  bool
	observe func(event, outcome string)
	note    *Note    // of Noting
	pending *[]*Note // of the transaction, told when it has been committed
}

// runner is what a pool and a transaction have in common.
type runner interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// Open connects and makes sure that the database answers.
func Open(ctx context.Context, o Options) (*Store, error) {
	cfg, err := PoolConfig(o.URL, o.Schema)
	if err != nil {
		return nil, err
	}
	if o.MaxConns > 0 {
		cfg.MaxConns = o.MaxConns
	}
	cfg.ConnConfig.Tracer = o.Tracer
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", Plain(err))
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("cannot connect to the database: %w; check database.url, or DATABASE_URL", Plain(err))
	}
	s := &Store{pool: pool, prepares: prepares(cfg), names: newNames(o.OwnSchema, o.Set), audits: o.Audit, observe: o.Noted}
	s.layout = newLayouts(o.Set, s.names.own)
	s.use(bounded{pool}, false)
	// A statement of many belongs to no request's trace, and planning one anew each time costs more than it saves.
	if s.prepares && o.Tracer == nil {
		s.lookups = &lookups{together: s.sessionsTogether}
	}
	return s, nil
}

// use points the store at a runner.
func (s *Store) use(r runner, inTx bool) {
	s.run = mapping{r}
	s.inTx = inTx
	s.Queries = db.New(renaming{s.run, s.names})
}

// Pool is the pool of connections, for its numbers.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// OwnSchema is the schema of our own tables.
func (s *Store) OwnSchema() string { return s.names.own }

// Close ends every connection.
func (s *Store) Close() { s.pool.Close() }

// InTx runs fn in a transaction, which is the surrounding one where there is
// one. Work that Postgres rolled back because of other work beside it is done
// again, so fn must not keep anything from a failed try.
func (s *Store) InTx(ctx context.Context, fn func(*Store) error) error {
	if s.inTx {
		return fn(s)
	}
	var err error
	for range maxTries {
		if err = s.once(ctx, fn); !transient(err) {
			break
		}
	}
	return mapped(ctx, err)
}

// Rehearse runs fn inside the transaction and takes back what it has written
// unless keep is set or it fails. Either way the database does the same work, so that
// time does not tell which it was.
func (s *Store) Rehearse(ctx context.Context, keep bool, fn func(*Store) error) error {
	outer, ok := s.run.(mapping).runner.(pgx.Tx)
	if !ok {
		return errNoTransaction
	}
	point, err := outer.Begin(ctx)
	if err != nil {
		return mapped(ctx, err)
	}
	inner, before := *s, len(*s.pending)
	inner.use(point, true)
	if err := fn(&inner); err != nil || !keep {
		*s.pending = (*s.pending)[:before]
		return errors.Join(err, mapped(ctx, point.Rollback(ctx)))
	}
	return mapped(ctx, point.Commit(ctx))
}

// errNoTransaction is a mistake in this program.
var errNoTransaction = errors.New("a rehearsal needs a transaction")

func (s *Store) once(ctx context.Context, fn func(*Store) error) error {
	conn, err := bounded{s.pool}.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var pending []*Note
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		inner := *s
		inner.note, inner.pending = nil, &pending
		inner.use(tx, true)
		return fn(&inner)
	})
	if err == nil {
		for _, n := range pending {
			s.noted(n)
		}
	}
	return err
}

// Clock reads the database's clock.
func (s *Store) Clock(ctx context.Context) (time.Time, error) {
	var t time.Time
	err := s.run.QueryRow(ctx, "select clock_timestamp()").Scan(&t)
	return t, err
}
