package store

import (
	"context"
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Expiring deletes the rows of a shared table whose time has passed, a batch
// at a time. Every batch is bounded: by an index on the time where there is
// one, else by some pages of the table, so that a table without the index
// is walked through and never scanned at once. Pages hold neighbours, where rows in
// the order of their ids would each be on a page of their own. Rows that somebody else
// holds are left for the next time.
type Expiring struct {
	store  *Store
	table  string // quoted, as the statements name it
	column string
	millis bool

	byIndex, byPages string

	indexed bool
	// page is where the walk has come to, of so many pages with so many rows in each.
	page, pages int64
	perPage     float64
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
	e.byPages = fmt.Sprintf(`delete from %[1]s where "id" = any(array(
		select "id" from %[1]s where ctid >= $3::tid and ctid < $4::tid and %[2]s <= $1 limit $2 for update skip locked))`, e.table, at)
	return e
}

// usuallyPerPage is how many rows a page has where nobody has counted them yet.
const usuallyPerPage = 30

// Begin starts at the beginning, and finds out whether an index helps.
func (e *Expiring) Begin(ctx context.Context) error {
	e.page = 0
	return e.store.run.QueryRow(ctx, `select exists (
			select from pg_index x
			join pg_class i on i.oid = x.indexrelid
			join pg_am m on m.oid = i.relam
			join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
			where x.indrelid = c.oid and a.attname = $2 and m.amname = 'btree' and x.indisvalid and x.indpred is null),
			-- Of partitions, each has its own pages.
			greatest(pg_relation_size(c.oid), (select max(pg_relation_size(relid)) from pg_partition_tree(c.oid))) / current_setting('block_size')::int,
			case when c.reltuples > 0 and c.relpages > 0 then c.reltuples / c.relpages else $3 end::float8
		from pg_class c where c.oid = to_regclass($1)`,
		e.table, e.column, float64(usuallyPerPage)).Scan(&e.indexed, &e.pages, &e.perPage)
}

// Next deletes rows that ended before a time, at most limit of them, and tells how many
// there were and whether more may follow. It reads about as many, and no more pages.
func (e *Expiring) Next(ctx context.Context, before time.Time, limit int) (deleted int64, more bool, err error) {
	var at any = before
	if e.millis {
		at = before.UnixMilli()
	}
	if e.indexed {
		tag, err := e.store.run.Exec(ctx, e.byIndex, at, limit)
		return tag.RowsAffected(), tag.RowsAffected() == int64(limit), err
	}
	end := e.page + max(1, min(int64(limit), int64(float64(limit)/e.perPage)))
	tag, err := e.store.run.Exec(ctx, e.byPages, at, limit, place(e.page), place(end))
	if err != nil {
		return 0, false, err
	}
	full := tag.RowsAffected() == int64(limit) // and some may be left there
	if !full {
		e.page = end
	}
	return tag.RowsAffected(), full || end < e.pages, nil
}

// place is the beginning of a page.
func place(page int64) string { return fmt.Sprintf("(%d,0)", page) }
