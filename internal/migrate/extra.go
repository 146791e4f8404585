package migrate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// extraPrefix begins the name of every index that Better Auth does not ask for.
const extraPrefix = "sallyport_"

// PlanIndexes returns what UpIndexes would do, in order, and changes nothing:
// the indexes by which expired rows, and the one-time values of a user, are
// found. A table that has such an index under any name needs none.
func PlanIndexes(ctx context.Context, o Options) ([]Step, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	return extraSteps(ctx, conn, o)
}

// UpIndexes makes the indexes that PlanIndexes names, while the tables stay in
// use, and returns what it did. One that an earlier try has left half made is
// made anew. The tables must be there.
func UpIndexes(ctx context.Context, o Options) ([]Step, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	if err := lockIndexes(ctx, conn); err != nil {
		return nil, err
	}
	steps, err := extraSteps(ctx, conn, o)
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		if _, err := conn.Exec(ctx, step.SQL); err != nil {
			return nil, fmt.Errorf("%s: %w", step.What, err)
		}
	}
	return steps, nil
}

// lockIndexes waits for its turn, to the end of the connection. It asks again
// and again, because whoever waits inside a statement is waited for by the
// making of an index.
func lockIndexes(ctx context.Context, conn *pgx.Conn) error {
	for {
		var mine bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", lockID+1).Scan(&mine); err != nil || mine {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// wanted is an index that Better Auth does without.
type wanted struct {
	model, field string
	// method is Postgres's name for its kind.
	method string
}

// extras lists them.
func extras() []wanted {
	// A hash, because values may be too long for a tree.
	all := []wanted{{"verification", "value", "hash"}}
	for _, e := range schema.Expiring {
		if !e.Busy {
			all = append(all, wanted{e.Model, e.Field, "btree"})
		}
	}
	return all
}

// extra is an index that is not there.
type extra struct {
	table  *schema.Table
	index  namedIndex
	method string
	broken bool // its name is taken, by one that was not finished
}

// missingExtras compares the wanted indexes with those that are there.
func missingExtras(ctx context.Context, conn *pgx.Conn, o Options) (*catalogue, []extra, error) {
	var there *catalogue
	err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		there, err = readCatalogue(ctx, tx, o.Schema, o.OwnSchema)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var missing []extra
	for _, w := range extras() {
		t := o.Set.Table(w.model)
		if t == nil || there.leads(t.TableName(), t.Field(w.field).ColumnName()) {
			continue
		}
		index := extraIndex(t, t.Field(w.field))
		broken := slices.ContainsFunc(there.indexes, func(i foundIndex) bool { return i.name == index.name })
		missing = append(missing, extra{t, index, w.method, broken})
	}
	return there, missing, nil
}

// extraSteps returns how to make the missing indexes.
func extraSteps(ctx context.Context, conn *pgx.Conn, o Options) ([]Step, error) {
	there, missing, err := missingExtras(ctx, conn, o)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, m := range missing {
		if m.broken {
			steps = append(steps, Step{"drop half-made index " + m.index.name, "drop index concurrently " + there.qualified(m.index.name)})
		}
		steps = append(steps, Step{"create index " + m.index.name, fmt.Sprintf("create index concurrently %s on %s using %s (%s)",
			quote(m.index.name), there.qualified(m.table.TableName()), m.method, quote(m.index.columns[0]))})
	}
	return steps, nil
}

// extraIndex returns the index over one field of t.
func extraIndex(t *schema.Table, f *schema.Field) namedIndex {
	columns := []string{f.ColumnName()}
	return namedIndex{name: indexName(extraPrefix+t.TableName(), columns, false), columns: columns}
}

// leads reports whether some index finds rows of a table by that column.
func (c *catalogue) leads(table, column string) bool {
	return slices.ContainsFunc(c.indexes, func(i foundIndex) bool {
		return i.table == table && i.whole && len(i.columns) > 0 && i.columns[0] == column
	})
}

// qualified returns a name in the catalogue's schema, quoted.
func (c *catalogue) qualified(name string) string { return pgx.Identifier{c.schema, name}.Sanitize() }

// large is how many rows a table has before it is worth an extra index.
const large = 100_000

// LargeUnindexed names the tables in which rows are many enough, and hard enough
// to find, that UpIndexes is worth while. The number of rows is what Postgres
// last counted.
func LargeUnindexed(ctx context.Context, o Options) ([]string, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	there, missing, err := missingExtras(ctx, conn, o)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, m := range missing {
		var rows float32
		err := conn.QueryRow(ctx, "select coalesce((select reltuples from pg_class where oid = to_regclass($1)), 0)",
			there.qualified(m.table.TableName())).Scan(&rows)
		if err != nil {
			return nil, fmt.Errorf("counting the rows of %s: %w", m.table.TableName(), err)
		}
		if rows >= large && !slices.Contains(names, m.table.TableName()) {
			names = append(names, m.table.TableName())
		}
	}
	return names, nil
}
