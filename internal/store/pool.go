package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// cancelGrace is how long a statement may take to end after Postgres was asked
// to cancel it. Beyond that the connection is given up.
const cancelGrace = time.Second

// ofPrisma are parameters of URLs that are no settings of Postgres, which would
// refuse the connection for them.
var ofPrisma = []string{
	"schema", "pgbouncer", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size",
	"max_connection_lifetime", "max_idle_connection_lifetime", "sslaccept", "sslidentity",
}

// insteadOf tells what does the same here.
var insteadOf = map[string]string{
	"schema":           ", and set database.schemaName where it is not public",
	"pgbouncer":        ", and let database.directUrl lead past the pooler",
	"connection_limit": ", and set pool_max_conns in its place",
}

// PoolConfig reads a connection URL and adds what every pool of ours has. A
// schema becomes the search_path of each connection.
func PoolConfig(url, schemaName string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The error of pgx repeats the URL, password and all.
		return nil, errors.New("database.url is not a Postgres connection URL such as postgres://user:password@host:5432/name")
	}
	conn := cfg.ConnConfig
	for _, name := range ofPrisma {
		if _, there := conn.RuntimeParams[name]; there {
			return nil, fmt.Errorf("database.url has the parameter %s, which Prisma alone knows: take it out here%s", name, insteadOf[name])
		}
	}
	if !hasParam(url, "connect_timeout") {
		conn.ConnectTimeout = connectTimeout
		if hasOtherHosts(conn) {
			conn.ConnectTimeout = connectTimeoutOfMany
		}
	}
	if !hasParam(url, "pool_ping_timeout") {
		cfg.PingTimeout = pingTimeout
	}
	if conn.RuntimeParams["application_name"] == "" {
		conn.RuntimeParams["application_name"] = "sallyport"
	}
	if schemaName != "" {
		conn.RuntimeParams["search_path"] = quote(schemaName)
	}
	// Columns without a time zone, which Drizzle and Prisma make, keep UTC.
	conn.RuntimeParams["timezone"] = "UTC"
	if !hasParam(url, "pool_max_conns") {
		cfg.MaxConns = defaultMaxConns
	}
	conn.BuildContextWatcherHandler = cancelInPostgres
	cfg.AfterConnect = readTimesInUTC
	(&turns{}).follow(cfg)
	return cfg, nil
}

// prepares tells whether a pool keeps prepared statements.
func prepares(cfg *pgxpool.Config) bool {
	return cfg.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement
}

// hasOtherHosts tells whether the URL names more than one server. The same one
// may be there twice, with TLS and without.
func hasOtherHosts(conn *pgx.ConnConfig) bool {
	return slices.ContainsFunc(conn.Fallbacks, func(f *pgconn.FallbackConfig) bool {
		return f.Host != conn.Host || f.Port != conn.Port
	})
}

// cancelInPostgres makes the end of a request end its statement in the server
// too; left to itself, pgx would only hang up and the statement would run on.
func cancelInPostgres(conn *pgconn.PgConn) ctxwatch.Handler {
	return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelGrace}
}

// readTimesInUTC keeps the machine's time zone out of what is read.
func readTimesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}
