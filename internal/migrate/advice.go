package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// large is how many rows a table has before it is worth an extra index.
const large = 100_000

// Advice is an index that a large table had better have. Up does not make it.
type Advice struct {
	Table string
	// For is who looks for rows by it.
	For string
	// Rows are how many the table has, by what Postgres last counted, and Bytes how
	// much it takes without its indexes.
	Rows, Bytes int64
	// Size is how much the index would take in bytes, more or less.
	Size int64
	// Steps make it while the table stays in use, as UpIndexes does. There are none
	// where that takes the extension pg_trgm, which is not installed.
	Steps []Step
}

// String is the advice in a line, with the statement that follows it.
func (a Advice) String() string {
	text := fmt.Sprintf("table %s has about %d rows in %s, and no index for %s", a.Table, a.Rows, megabytes(a.Bytes), a.For)
	if len(a.Steps) == 0 {
		return text + ": create extension pg_trgm, then run this again"
	}
	statements := make([]string, len(a.Steps))
	for i, step := range a.Steps {
		statements[i] = step.SQL
	}
	return fmt.Sprintf("%s; one of about %s: %s", text, megabytes(a.Size), strings.Join(statements, "; "))
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", max(1, bytes>>20)) }

// Advise names the indexes that large tables lack, and changes nothing. What it says
// of rows and sizes is estimated from the statistics of Postgres.
func Advise(ctx context.Context, o Options) ([]Advice, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	there, missing, err := missingExtras(ctx, conn, o)
	if err != nil {
		return nil, err
	}
	var all []Advice
	for _, m := range missing {
		name := m.table.TableName()
		if _, made := there.tables[name]; !made {
			continue
		}
		of, err := readStatistics(ctx, conn, there, name, m.index.columns)
		if err != nil {
			return nil, fmt.Errorf("estimating the size of %s: %w", name, err)
		}
		if of.rows >= large {
			all = append(all, Advice{name, m.purpose, of.rows, of.bytes, of.indexSize(m.method), m.steps(there)})
		}
	}
	return all, nil
}

// statistics are what Postgres knows of a table and some of its columns.
type statistics struct {
	rows, bytes int64
	// width is that of the columns together in bytes, values how many different ones
	// there are.
	width, values float64
}

// usualRow is how many bytes a row takes of a table that nobody has counted yet, as
// after the restoration of a dump.
const usualRow = 200

func readStatistics(ctx context.Context, conn *pgx.Conn, there *catalogue, table string, columns []string) (s statistics, err error) {
	err = conn.QueryRow(ctx, `
		select case when c.reltuples < 0 then pg_relation_size(c.oid) / $4 else c.reltuples end::bigint, pg_table_size(c.oid),
		       coalesce((select sum(avg_width) from pg_stats where (schemaname, tablename) = ($1, $2) and attname = any($3)), 0),
		       coalesce((select max(case when n_distinct < 0 then -n_distinct * c.reltuples else n_distinct end)
		                 from pg_stats where (schemaname, tablename) = ($1, $2) and attname = any($3)), 0)
		from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
		there.schema, table, columns, usualRow).Scan(&s.rows, &s.bytes, &s.width, &s.values)
	return s, err
}

// indexSize estimates what an index takes that is new.
func (s statistics) indexSize(method string) int64 {
	rows := float64(s.rows)
	switch method {
	case "hash": // of which it keeps four bytes, in pages that are three quarters full
		return int64(rows * 20 / 0.75)
	case "gin": // a number of bytes for each trigram, of which there are as many as letters
		return int64(rows * s.width * 2)
	}
	// A tree has an entry for each value, and in it 6 bytes for each of its rows.
	entry := 12 + 8*float64(int(s.width+7)/8)
	if s.values == 0 || s.values > rows/2 {
		return int64(rows * entry / 0.9)
	}
	return int64((s.values*entry + rows*6) / 0.9)
}
