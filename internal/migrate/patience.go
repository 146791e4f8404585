package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A change of a table waits until nobody reads it, and whoever comes meanwhile
// waits behind the change: a report that runs for an hour would keep everybody
// from signing in for an hour. So Up and Uninstall wait for a moment only, give way,
// and come again, until their patience is over.
const (
	lockTimeout  = "500ms"
	pause        = 500 * time.Millisecond
	lockPatience = time.Minute
	// lockNotAvailable is what Postgres calls it.
	lockNotAvailable = "55P03"
)

// patiently runs a transaction again and again while it finds a table in use.
func patiently(ctx context.Context, conn *pgx.Conn, patience time.Duration, do func(pgx.Tx) error) error {
	for end := time.Now().Add(patience); ; {
		err := pgx.BeginFunc(ctx, conn, do)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != lockNotAvailable {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w: other sessions have used the tables for %s (%s); nothing was changed: run it again when they are done",
				err, patience, holders(ctx, conn))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// holders names the sessions that have held transactions open the longest, which are
// those that a change waits for.
func holders(ctx context.Context, conn *pgx.Conn) string {
	rows, err := conn.Query(ctx, `select format('process %s %s, for %s', pid, coalesce(nullif(application_name, ''), usename::text), date_trunc('second', now() - xact_start))
		from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
		order by xact_start limit 3`)
	if err != nil {
		return "which cannot be seen"
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(names) == 0 {
		return "which are gone, or not for this role to see"
	}
	return strings.Join(names, "; ")
}

// takeTurn takes an advisory lock, to the end of the connection. It asks again and
// again, because whoever waits inside a statement is waited for by the making of an
// index.
func takeTurn(ctx context.Context, conn *pgx.Conn, lock int64) error {
	for {
		var mine bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", lock).Scan(&mine); err != nil || mine {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
