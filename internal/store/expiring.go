package store

import (
	"context"
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Expiring deletes the rows of a shared table whose time has passed, a batch
// at a time. Every batch is bounded: by an index on the time where there is
// one, else by a window of the primary key, so that a table without the index
// is walked through and never scanned at once. Rows that somebody else holds
// are left for the next time.
type Expiring struct {
	store  *Store
	table  string // quoted, as the statements name it
	column string
	millis bool

	byIndex, firstWindow, nextWindow string

	indexed bool
	after   string // where the walk has come to
}

// Expiring gives the rows of a model that end, or nil where the configuration
// has no such table.
func (s *Store) Expiring(of schema.Expiry) *Expiring {
	t := s.layout.set.Table(of.Model)
	if t == nil {
		return nil
	}
	f := t.Field(of.Field)
	e := &Expiring{store: s, table: quote(t.TableName()), column: f.ColumnName(), millis: f.Type != schema.Date}
	at := quote(e.column)
	e.byIndex = fmt.Sprintf(`delete from %[1]s where "id" = any(array(
		select "id" from %[1]s where %[2]s <= $1 order by %[2]s limit $2 for update skip locked))`, e.table, at)
	window := `with seen as materialized (select "id", %[2]s as ends from %[1]s %[3]s order by "id" limit $2),
		ended as (select "id" from %[1]s where "id" = any(array(select "id" from seen where ends <= $1)) and %[2]s <= $1 for update skip locked),
		gone as (delete from %[1]s where "id" = any(array(select "id" from ended)) returning 1)
		select (select count(*) from gone), (select count(*) from seen), coalesce((select "id"::text from seen order by "id" desc limit 1), '')`
	e.firstWindow = fmt.Sprintf(window, e.table, at, "")
	e.nextWindow = fmt.Sprintf(window, e.table, at, `where "id" > $3`)
	return e
}

// Begin starts at the beginning, and finds out whether an index helps.
func (e *Expiring) Begin(ctx context.Context) error {
	e.after = ""
	return e.store.run.QueryRow(ctx, `select exists (
		select from pg_index x
		join pg_class i on i.oid = x.indexrelid
		join pg_am m on m.oid = i.relam
		join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
		where x.indrelid = to_regclass($1) and a.attname = $2 and m.amname = 'btree' and x.indisvalid and x.indpred is null)`,
		e.table, e.column).Scan(&e.indexed)
}

// Next deletes rows that ended before a time, looking at no more than limit of
// them, and tells how many there were and whether more may follow.
func (e *Expiring) Next(ctx context.Context, before time.Time, limit int) (deleted int64, more bool, err error) {
	var at any = before
	if e.millis {
		at = before.UnixMilli()
	}
	if e.indexed {
		tag, err := e.store.run.Exec(ctx, e.byIndex, at, limit)
		return tag.RowsAffected(), tag.RowsAffected() == int64(limit), err
	}
	text, args := e.firstWindow, []any{at, limit}
	if e.after != "" {
		text, args = e.nextWindow, append(args, e.after)
	}
	var seen int64
	err = e.store.run.QueryRow(ctx, text, args...).Scan(&deleted, &seen, &e.after)
	return deleted, seen == int64(limit), err
}
