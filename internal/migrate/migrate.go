// Package migrate brings a database to the shape a configuration needs.
//
// Better Auth's tables are made, and those of an existing deployment adopted, by
// comparing the field set with the catalogue and adding what is missing, as the
// original does: nothing is ever dropped, and nothing altered but for one column
// of some versions that gets a default. sallyport's own schema has numbered
// migrations, applied by goose.
package migrate

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Options say which database to migrate, and to what.
type Options struct {
	// URL is a Postgres connection URL: a direct one, since a transaction
	// pooler cannot hold the locks.
	URL string
	// Schema holds Better Auth's tables and is created if need be; empty means
	// the first that exists in the search_path.
	Schema string
	// OwnSchema holds sallyport's own tables; empty means store.OwnSchema.
	OwnSchema string
	// Set is the tables and columns to be there.
	Set *schema.Set
	// NewTables makes tables and columns also where they seem to be there under
	// other names; otherwise that is an [*OtherNames].
	NewTables bool
	// Log gets a warning for what works but had better be changed; may be nil.
	Log *slog.Logger
	// Patience is how long Up and Uninstall come again to tables that are in use; 0 is
	// a minute.
	Patience time.Duration
}

// Step is one change to a database.
type Step struct {
	// What is the change in a few words: create table "user".
	What string
	// SQL is its statement, or several, without a semicolon at the end.
	SQL string
}

// lockID is the advisory lock of Up and Uninstall: "sallyport" cut to eight bytes.
// indexLockID is that of UpIndexes.
const (
	lockID      int64 = 0x73616c6c79706f72
	indexLockID       = lockID + 1
)

// Report is what Inspect finds.
type Report struct {
	// Steps are what Up would do, in order; none where it refuses.
	Steps []Step
	// Remarks are the differences that no step mends.
	Remarks []Remark
}

// Inspect returns what Up would do and every difference that stays, rows included,
// and changes nothing. Where Up would refuse it returns the remarks with an error.
func Inspect(ctx context.Context, o Options) (Report, error) { return inspect(ctx, o, true) }

func inspect(ctx context.Context, o Options, rows bool) (Report, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return Report{}, err
	}
	defer closeQuietly(ctx, conn)
	var found changes
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		found, err = compare(ctx, tx, o, rows)
		return err
	})
	return Report{append(found.shared, found.own...), found.remarks}, err
}

// Plan returns what Up would do, in order, and changes nothing. It fails where
// Up would refuse.
func Plan(ctx context.Context, o Options) ([]Step, error) {
	report, err := inspect(ctx, o, true)
	return report.Steps, err
}

// Up applies what Plan returns. Better Auth's tables change in one transaction,
// so they change altogether or not at all. Several at once may call it: one
// applies, the others wait and find nothing left to do.
func Up(ctx context.Context, o Options) error {
	pool, conn, err := acquire(ctx, &o)
	if err != nil {
		return err
	}
	defer pool.Close() // which gives the turn to the next
	if err := takeTurn(ctx, conn.Conn(), lockID); err != nil {
		return fmt.Errorf("waiting for another migration: %w", err)
	}
	own := sync.OnceValue(func() error { return upOwn(ctx, pool, o) })
	var found changes
	rows := true // are still to be looked at, once and only before a change: it is a walk through tables
	err = patiently(ctx, conn.Conn(), o.Patience, func(tx pgx.Tx) error {
		if found, err = compare(ctx, tx, o, false); err != nil || len(found.shared)+len(found.own) == 0 {
			return err
		}
		if found.anew != "" {
			return applyAnew(ctx, tx, found, func() { _ = own() }) // what comes of it is asked below
		}
		if rows {
			if _, err := compare(ctx, tx, o, true); err != nil {
				return err
			}
			rows = false
		}
		return apply(ctx, tx, found.shared)
	})
	conn.Release()
	if err != nil || len(found.own) == 0 {
		return err
	}
	return own()
}

// Check returns an error that names what is missing and the command to run,
// unless the database is as Up would leave it. Rows are not looked at.
func Check(ctx context.Context, o Options) error {
	report, err := inspect(ctx, o, false)
	if n := doubts(report.Remarks); n > 0 && err == nil && o.Log != nil {
		o.Log.Warn("the tables are not quite as Better Auth makes them: `sallyport migrate plan` tells what follows", "differences", n)
	}
	steps := report.Steps
	if err != nil || len(steps) == 0 {
		return err
	}
	more := ""
	if len(steps) > 1 {
		more = fmt.Sprintf(" and %d more", len(steps)-1)
	}
	return fmt.Errorf("the database lacks changes: %s%s; run `sallyport migrate up`", steps[0].What, more)
}

// doubts counts the remarks that every start tells of.
func doubts(remarks []Remark) (n int) {
	for _, r := range remarks {
		if r.Text != withoutZone {
			n++
		}
	}
	return n
}

// changes is what Inspect finds, by owner of the tables.
type changes struct {
	shared, own []Step
	remarks     []Remark
	// anew is the schema of Better Auth's tables where none of them is there.
	anew string
}

// compare checks that the database can be migrated and returns how.
func compare(ctx context.Context, tx pgx.Tx, o Options, rows bool) (changes, error) {
	there, err := readCatalogue(ctx, tx, o.Schema, o.OwnSchema)
	if err != nil {
		return changes{}, err
	}
	if err := checkOwnName(ctx, tx, o.OwnSchema, there.schema); err != nil {
		return changes{}, err
	}
	c := comparison{set: o.Set, there: there, ddl: ddl{o.Set, o.Schema}, rows: rows, newTables: o.NewTables}
	if o.Schema == "" && there.shadowed {
		o.Log.Warn("server.schema is first in the search_path and hides the schema of Better Auth's tables: set database.schemaName or a search_path",
			"schema", there.schema, "hidden by", o.OwnSchema)
		c.ddl.schema = there.schema
	}
	shared, err := c.steps(ctx, tx)
	if err != nil {
		return changes{remarks: c.remarks}, err
	}
	own, err := pendingOwn(ctx, tx, o.OwnSchema)
	return changes{shared, own, c.remarks, c.anew()}, err
}

// applyAnew makes the tables where nobody can be using them, and has our own schema
// made on another connection meanwhile: beside begins with that. It is called after
// the first step, which shows that this role may make tables.
func applyAnew(ctx context.Context, tx pgx.Tx, found changes, beside func()) error {
	if err := apply(ctx, tx, found.shared[:1]); err != nil {
		return err
	}
	// Our own schema may come to hide this one, see catalogue.shadowed.
	if _, err := tx.Exec(ctx, "set local search_path = "+quote(found.anew)); err != nil {
		return err
	}
	go beside()
	return apply(ctx, tx, found.shared[1:])
}

// apply runs steps and names the one that fails. None waits long for a table.
func apply(ctx context.Context, tx pgx.Tx, steps []Step) error {
	if _, err := tx.Exec(ctx, "set local lock_timeout = '"+lockTimeout+"'"); err != nil {
		return err
	}
	for _, step := range steps {
		if _, err := tx.Exec(ctx, step.SQL); err != nil {
			return fmt.Errorf("%s: %w", step.What, err)
		}
	}
	return nil
}

// settings fills in defaults and gives the connections their settings.
func settings(o *Options) (*pgxpool.Config, error) {
	if o.OwnSchema == "" {
		o.OwnSchema = store.OwnSchema
	}
	if o.Patience == 0 {
		o.Patience = lockPatience
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	cfg, err := store.PoolConfig(o.URL, o.Schema)
	if err != nil {
		return nil, err
	}
	if cfg.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		// No statement is run twice, so that preparing it would be a round trip more.
		cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	return cfg, nil
}

// connect opens a connection, for work that needs no other.
func connect(ctx context.Context, o *Options) (*pgx.Conn, error) {
	cfg, err := settings(o)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		return nil, unreachable(err)
	}
	return conn, nil
}

// acquire opens a pool for work in two steps, so that the second has the connection
// of the first, and takes that out of it.
func acquire(ctx context.Context, o *Options) (*pgxpool.Pool, *pgxpool.Conn, error) {
	cfg, err := settings(o)
	if err != nil {
		return nil, nil, err
	}
	cfg.MaxConns = max(cfg.MaxConns, leastConns)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, nil, unreachable(err)
	}
	conn, err := pool.Acquire(ctx)
	if err != nil {
		pool.Close()
		return nil, nil, unreachable(err)
	}
	return pool, conn, nil
}

// leastConns leaves goose one of its own, whatever the URL says of the pool of a server.
const leastConns = 2

func unreachable(err error) error {
	return fmt.Errorf("cannot connect to the database: %w; check database.url and database.directUrl, or DATABASE_URL", store.Plain(err))
}

// closeQuietly ends a connection whose work is done; ctx may be over already.
func closeQuietly(ctx context.Context, conn *pgx.Conn) {
	_ = conn.Close(context.WithoutCancel(ctx))
}
