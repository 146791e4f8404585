package store

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bounded runs each query on a connection of the pool, and gives up when none
// is free in time, so that nothing piles up behind a slow database.
type bounded struct{ pool *pgxpool.Pool }

func (b bounded) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	waiting, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	conn, err := b.pool.Acquire(waiting)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: no connection: %w", ErrUnavailable, Plain(err))
	}
	return conn, err
}

// Exec runs a statement that returns no rows.
func (b bounded) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	conn, err := b.acquire(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer conn.Release()
	return conn.Exec(ctx, sql, args...)
}

// Query runs a statement that returns rows. Closing them frees the connection.
func (b bounded) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	conn, err := b.acquire(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		conn.Release()
		return nil, err
	}
	return &ownedRows{Rows: rows, conn: conn}, nil
}

// QueryRow runs a statement that returns one row. Scanning it frees the
// connection.
func (b bounded) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	conn, err := b.acquire(ctx)
	if err != nil {
		return failedRow{err}
	}
	return ownedRow{conn.QueryRow(ctx, sql, args...), conn}
}

type ownedRows struct {
	pgx.Rows
	conn *pgxpool.Conn
}

// Close frees the connection, once.
func (r *ownedRows) Close() {
	r.Rows.Close()
	if r.conn != nil {
		r.conn.Release()
		r.conn = nil
	}
}

type ownedRow struct {
	row  pgx.Row
	conn *pgxpool.Conn
}

// Scan reads the row and frees the connection.
func (r ownedRow) Scan(dest ...any) error {
	defer r.conn.Release()
	return r.row.Scan(dest...)
}

type failedRow struct{ err error }

// Scan gives the error that kept the row away.
func (r failedRow) Scan(...any) error { return r.err }

// mapping turns the errors of a runner into those of this package.
type mapping struct{ runner }

// Exec maps the error of Exec.
func (m mapping) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	tag, err := m.runner.Exec(ctx, sql, args...)
	return tag, mapped(ctx, err)
}

// Query maps the error of Query, and of reading its rows.
func (m mapping) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	rows, err := m.runner.Query(ctx, sql, args...)
	if err != nil {
		return nil, mapped(ctx, err)
	}
	return mappedRows{rows, ctx}, nil
}

// QueryRow maps the error of scanning the row.
func (m mapping) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return mappedRow{m.runner.QueryRow(ctx, sql, args...), ctx}
}

type mappedRow struct {
	pgx.Row
	ctx context.Context
}

// Scan maps the error of Scan.
func (r mappedRow) Scan(dest ...any) error { return mapped(r.ctx, r.Row.Scan(dest...)) }

type mappedRows struct {
	pgx.Rows
	ctx context.Context
}

// Err maps the error of the rows.
func (r mappedRows) Err() error { return mapped(r.ctx, r.Rows.Err()) }

// hasParam tells whether a connection URL or key=value text names a parameter.
func hasParam(text, name string) bool {
	if u, err := url.Parse(text); err == nil && u.Query().Has(name) {
		return true
	}
	return strings.Contains(text, name+"=")
}
