package migrate

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/sallyport-auth/sallyport/db"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// versionTable is where goose notes, in our own schema, what it has applied.
const versionTable = "migrations"

// checkOwnName refuses a name for our own schema that would need quotes, which
// goose does not write, and the schema of Better Auth's tables: dropping ours
// must never take theirs along.
func checkOwnName(ctx context.Context, tx pgx.Tx, own, shared string) error {
	var plain bool
	if err := tx.QueryRow(ctx, "select quote_ident($1) = $1 and $1 not like 'pg\\_%'", own).Scan(&plain); err != nil {
		return fmt.Errorf("checking server.schema: %w", err)
	}
	if !plain {
		return fmt.Errorf("server.schema: %q is not a plain lower-case name that Postgres takes without quotes", own)
	}
	if own == shared {
		return fmt.Errorf("server.schema and database.schemaName are both %q: one must be another", own)
	}
	return nil
}

// pendingOwn returns a step for each migration of our own schema that has not
// been applied, and first one for the schema if it is not there.
func pendingOwn(ctx context.Context, tx pgx.Tx, own string) ([]Step, error) {
	var exists, versioned bool
	err := tx.QueryRow(ctx, `select exists (select from pg_namespace where nspname = $1),
		exists (select from pg_tables where schemaname = $1 and tablename = $2)`, own, versionTable).Scan(&exists, &versioned)
	if err != nil {
		return nil, fmt.Errorf("looking for schema %s: %w", own, err)
	}
	applied := map[int64]bool{}
	if versioned {
		if applied, err = appliedVersions(ctx, tx, own); err != nil {
			return nil, fmt.Errorf("reading the versions of schema %s: %w", own, err)
		}
	}
	var steps []Step
	if !exists {
		steps = append(steps, Step{"create schema " + own, "create schema " + quote(own)})
	}
	return appendPending(steps, applied, own)
}

// appliedVersions reads goose's table.
func appliedVersions(ctx context.Context, tx pgx.Tx, own string) (map[int64]bool, error) {
	rows, err := tx.Query(ctx, "select version_id from "+pgx.Identifier{own, versionTable}.Sanitize()+" where is_applied")
	if err != nil {
		return nil, err
	}
	applied := map[int64]bool{}
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&version}, func() error {
		applied[version] = true
		return nil
	})
	return applied, err
}

// appendPending adds a step for each embedded migration that is not applied.
func appendPending(steps []Step, applied map[int64]bool, own string) ([]Step, error) {
	migrations := renamedFiles{db.Migrations(), own}
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		if applied[version] {
			continue
		}
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, Step{"apply migration " + strings.TrimSuffix(name, ".sql"), upward(string(text))})
	}
	return steps, nil
}

// upward returns the part of a migration that goose runs on the way up.
func upward(text string) string {
	_, up, _ := strings.Cut(text, "-- +goose Up\n")
	up, _, _ = strings.Cut(up, "-- +goose Down")
	up = gooseMarks.Replace(up)
	return strings.TrimSuffix(strings.TrimSpace(up), ";")
}

// gooseMarks takes out what tells goose where a statement of several semicolons
// begins and ends.
var gooseMarks = strings.NewReplacer("-- +goose StatementBegin\n", "", "-- +goose StatementEnd\n", "")

// upOwn applies the pending migrations of our own schema.
func upOwn(ctx context.Context, conns *pgxpool.Pool, o Options) error {
	if err := createOwnSchema(ctx, conns, o.OwnSchema); err != nil {
		return fmt.Errorf("creating schema %s: %w", o.OwnSchema, err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	pool := stdlib.OpenDBFromPool(conns)
	defer pool.Close() //nolint:errcheck // the connections have done their work
	provider, err := goose.NewProvider(goose.DialectPostgres, pool, renamedFiles{db.Migrations(), o.OwnSchema},
		goose.WithSessionLocker(locker), goose.WithTableName(o.OwnSchema+"."+versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating schema %s: %w", o.OwnSchema, err)
	}
	return nil
}

// createOwnSchema makes the schema if it is not there. It looks first, because
// IF NOT EXISTS asks for the right to create schemas even when there is one.
func createOwnSchema(ctx context.Context, conns *pgxpool.Pool, own string) error {
	var exists bool
	err := conns.QueryRow(ctx, "select exists (select from pg_namespace where nspname = $1)", own).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = conns.Exec(ctx, "create schema "+quote(own))
	return err
}

// defaultPrefix is how the migrations name our own schema.
const defaultPrefix = store.OwnSchema + "."
