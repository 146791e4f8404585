package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// catalogue is what a schema of the database holds.
type catalogue struct {
	schema string
	exists bool
	// shadowed says that an unqualified new table would land elsewhere.
	shadowed bool
	tables   map[string]map[string]column // by table name and column name
	indexes  []foundIndex
	// references are foreign keys; taken are other things with a name, by their
	// kind; hidden are the tables that this role does not see the whole of.
	references []reference
	taken      map[string]string
	hidden     map[string]bool
	// trigrams is the schema of the extension pg_trgm, empty where that is not
	// installed.
	trigrams string
}

// column is one that was found.
type column struct {
	table, name string
	kind        string // the type's name in pg_type: text, int4
	spelled     string // the type in SQL: integer, character varying(36)
	category    string // the type's category in pg_type: S for strings
	length      int    // the most characters of a bounded text, else 0
	nullable    bool
	hasDefault  bool
	generated   bool     // the database computes it
	labels      []string // of an enum
}

// foundIndex is an index that was found; whole is false for one that is
// partial, invalid or over expressions. operators is the class of its first
// column; lowered is the column of which it has the lower case and nothing else.
type foundIndex struct {
	table, name string
	operators   string
	lowered     string
	columns     []string
	unique      bool
	whole       bool
}

// readCatalogue reads the schema of that name or, when it is empty, the first of
// the search_path. Ours does not count there: "$user" leads the search_path, so
// it would be the first as soon as it exists if the role has the same name.
func readCatalogue(ctx context.Context, tx pgx.Tx, name, own string) (*catalogue, error) {
	c := &catalogue{schema: name, tables: map[string]map[string]column{}, taken: map[string]string{}, hidden: map[string]bool{}}
	err := tx.QueryRow(ctx, `
		select target, exists (select from pg_namespace where nspname = target), target is distinct from current_schema()
		from (select coalesce(nullif($1, ''),
			(select s from unnest(current_schemas(false)) with ordinality u (s, position) where s <> $2 order by position limit 1),
			'') as target) t`,
		name, own).Scan(&c.schema, &c.exists, &c.shadowed)
	if err != nil {
		return nil, fmt.Errorf("reading the catalogue: %w", err)
	}
	if c.schema == "" {
		return nil, errors.New("no schema in the connection's search_path exists: create one, or set database.schemaName")
	}
	return c, c.read(ctx, tx)
}

// read asks for everything in one round trip.
func (c *catalogue) read(ctx context.Context, tx pgx.Tx) error {
	questions := &pgx.Batch{}
	ask := func(what, sql string, read func(pgx.Rows) error, args ...any) {
		questions.Queue(sql, args...).Query(func(rows pgx.Rows) error {
			if err := read(rows); err != nil {
				return fmt.Errorf("reading the catalogue's %s: %w", what, err)
			}
			return nil
		})
	}
	ask("columns", columnsSQL, c.readColumns, c.schema)
	ask("indexes", indexesSQL, c.readIndexes, c.schema)
	ask("foreign keys", referencesSQL, c.readReferences, c.schema)
	ask("other names", obstaclesSQL, c.readObstacles, c.schema)
	ask("extensions", trigramsSQL, c.readTrigrams)
	return tx.SendBatch(ctx, questions).Close()
}

// trigramsSQL asks for the schema of pg_trgm.
const trigramsSQL = `select coalesce((select n.nspname::text from pg_extension e
	join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'), '')`

func (c *catalogue) readTrigrams(rows pgx.Rows) (err error) {
	c.trigrams, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
	return err
}

// columnsSQL asks for what a column has, for every column of a schema.
const columnsSQL = `
	select c.relname::text, a.attname::text, t.typname::text, format_type(a.atttypid, a.atttypmod), t.typcategory::text,
	       not a.attnotnull, a.atthasdef or a.attidentity <> '', a.attgenerated <> '',
	       case when t.typname in ('varchar', 'bpchar') then greatest(a.atttypmod - 4, 0) else 0 end,
	       array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)
	from pg_attribute a
	join pg_class c on c.oid = a.attrelid
	join pg_namespace n on n.oid = c.relnamespace
	join pg_type t on t.oid = a.atttypid
	where n.nspname = $1 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
	order by c.relname, a.attnum`

// readColumns reads the columns of ordinary and partitioned tables.
func (c *catalogue) readColumns(rows pgx.Rows) (err error) {
	var found column
	_, err = pgx.ForEachRow(rows,
		[]any{
			&found.table, &found.name, &found.kind, &found.spelled, &found.category, &found.nullable, &found.hasDefault,
			&found.generated, &found.length, &found.labels,
		},
		func() error {
			if c.tables[found.table] == nil {
				c.tables[found.table] = map[string]column{}
			}
			c.tables[found.table][found.name] = found
			found.labels = nil // the next row gets a slice of its own
			return nil
		})
	return err
}

// indexesSQL asks for what a foundIndex has.
const indexesSQL = `
	select c.relname::text, i.relname::text, x.indisunique,
	       x.indisvalid and x.indpred is null and x.indexprs is null,
	       array(select a.attname::text
	             from unnest(x.indkey::int2[]) with ordinality k (number, position)
	             join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
	             where k.position <= x.indnkeyatts order by k.position),
	       (select o.opcname::text from pg_opclass o where o.oid = x.indclass[0]),
	       coalesce((select a.attname::text from pg_attribute a
	                 where x.indisvalid and x.indpred is null and x.indnkeyatts = 1 and a.attrelid = c.oid and a.attnum > 0
	                   and pg_get_expr(x.indexprs, c.oid) in (format('lower(%I)', a.attname), format('lower((%I)::text)', a.attname))), '')
	from pg_index x
	join pg_class c on c.oid = x.indrelid
	join pg_class i on i.oid = x.indexrelid
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = $1 and c.relkind in ('r', 'p')`

// readIndexes reads the indexes of the schema's tables.
func (c *catalogue) readIndexes(rows pgx.Rows) (err error) {
	var found foundIndex
	_, err = pgx.ForEachRow(rows,
		[]any{&found.table, &found.name, &found.unique, &found.whole, &found.columns, &found.operators, &found.lowered},
		func() error {
			c.indexes = append(c.indexes, found)
			found.columns = nil // the next row gets a slice of its own
			return nil
		})
	return err
}
