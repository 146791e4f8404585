package store

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// readOnly is the SQLSTATE with which a server refuses to write. A primary says
// so after it was demoted, while it goes on to answer what only reads.
const readOnly = "25006"

// turnEvery is the least time between two turns, so that a database that is
// read-only for good costs no more than a few connections.
const turnEvery = time.Second

// turns make a pool leave a primary that was demoted. One refused statement
// shows it, and then every connection made before is given up: the next ones
// find the new primary, by the hosts of the URL or by what its name means by now.
type turns struct {
	count atomic.Int64
	last  atomic.Int64 // in nanoseconds since the epoch
}

// turnKey is where a connection keeps the number of turns there had been when it
// was made.
const turnKey = "sallyport.turn"

// follow has the connections of a pool watched.
func (t *turns) follow(cfg *pgxpool.Config) {
	fatal := cfg.ConnConfig.OnPgError
	cfg.ConnConfig.OnPgError = func(conn *pgconn.PgConn, e *pgconn.PgError) bool {
		if e.Code == readOnly {
			t.take(time.Now())
			return false
		}
		return fatal(conn, e)
	}
	cfg.BeforeConnect = func(_ context.Context, conn *pgx.ConnConfig) error {
		made := t.count.Load() // before it is known which server answers
		conn.AfterConnect = func(_ context.Context, c *pgconn.PgConn) error {
			c.CustomData()[turnKey] = made
			return nil
		}
		return nil
	}
	cfg.PrepareConn = func(_ context.Context, conn *pgx.Conn) (bool, error) {
		return conn.PgConn().CustomData()[turnKey] == t.count.Load(), nil
	}
}

// take counts a turn unless there has just been one.
func (t *turns) take(now time.Time) {
	last := t.last.Load()
	if now.UnixNano()-last >= int64(turnEvery) && t.last.CompareAndSwap(last, now.UnixNano()) {
		t.count.Add(1)
	}
}
