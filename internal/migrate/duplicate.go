package migrate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Duplicate is an index of a large table that finds nothing that another one does not,
// and that every change of a row has to keep all the same.
type Duplicate struct {
	Table, Index, Other string
	Bytes               int64
	// SQL drops it while the table stays in use.
	SQL string
}

// String is the advice to drop it, in a line.
func (d Duplicate) String() string {
	return fmt.Sprintf("index %s of table %s takes %s and finds nothing that %s does not: %s", d.Index, d.Table, megabytes(d.Bytes), d.Other, d.SQL)
}

// duplicates finds indexes that are alike in everything. One that keeps values apart is
// none, nor one that replication looks by.
const duplicates = `
	select c.relname::text, i.relname::text, min(k.relname::text), pg_relation_size(i.oid)
	from pg_index x
	join pg_index y on y.indrelid = x.indrelid and y.indexrelid <> x.indexrelid and y.indnkeyatts = x.indnkeyatts
		and (y.indkey::text, y.indclass::text, y.indcollation::text, y.indoption::text) = (x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text)
	join pg_class i on i.oid = x.indexrelid
	join pg_class k on k.oid = y.indexrelid and k.relam = i.relam
	join pg_class c on c.oid = x.indrelid and c.relkind = 'r'
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = $1 and c.relname = any($2) and c.reltuples >= $3 and not x.indisunique and not x.indisexclusion and not x.indisreplident
	  and y.indisvalid and (y.indisunique or y.indexrelid < x.indexrelid)
	  and (x.indpred, x.indexprs, y.indpred, y.indexprs) is null
	group by c.relname, i.relname, i.oid order by 1, 2`

// Duplicates names the indexes that the large tables of a configuration have twice, and
// changes nothing.
func Duplicates(ctx context.Context, o Options) ([]Duplicate, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	there, _, err := missingExtras(ctx, conn, o)
	if err != nil {
		return nil, err
	}
	var tables []string
	for _, t := range o.Set.Tables() {
		tables = append(tables, t.TableName())
	}
	rows, _ := conn.Query(ctx, duplicates, there.schema, tables, float32(large))
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Duplicate, err error) {
		err = row.Scan(&d.Table, &d.Index, &d.Other, &d.Bytes)
		d.SQL = "drop index concurrently " + there.qualified(d.Index)
		return d, err
	})
}
