package pgtest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// prefix begins the name of every database made here.
const prefix = "sallyport_test_"

// lockClass sets the advisory locks of this package apart from others.
const lockClass int32 = 0x73707467

// databaseName returns the name of the n-th database of the process with token.
func databaseName(token int32, n int64) string {
	return fmt.Sprintf("%s%08x_%d", prefix, token, n)
}

// tokenOf reads the token in the name of a database, and reports whether the
// name is one of ours at all.
func tokenOf(name string) (int32, bool) {
	text, number, found := strings.Cut(strings.TrimPrefix(name, prefix), "_")
	token, err := strconv.ParseInt(text, 16, 32)
	if !found || err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(number, 10, 64)
	return int32(token), err == nil && name == databaseName(int32(token), n)
}

// claim takes the lock that tells other processes that this token's databases
// are in use. The server frees it when the connection ends, however the
// process does, which works across machines where comparing process ids would not.
func (s *server) claim(ctx context.Context) error {
	_, err := s.held.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", lockClass, s.token)
	return err
}

// reap drops the databases whose process no longer holds its lock.
func reap(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1)", prefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if token, ours := tokenOf(name); ours {
			if err := dropAbandoned(ctx, conn, name, token); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropAbandoned drops one database unless the process of token lives. It holds
// the token's lock meanwhile, so that two reapers do not drop the same database.
func dropAbandoned(ctx context.Context, conn *pgx.Conn, name string, token int32) error {
	var free bool
	err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", lockClass, token).Scan(&free)
	if err != nil || !free {
		return err
	}
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	if _, unlockErr := conn.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", lockClass, token); err == nil {
		err = unlockErr
	}
	return err
}
