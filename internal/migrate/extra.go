package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// extraPrefix begins the name of every index that Better Auth does not ask for.
const extraPrefix = "sallyport_"

// PlanIndexes returns what UpIndexes would do, in order, and changes nothing:
// the indexes by which expired rows, the one-time values of a user, the accounts of
// a provider's users, and what plugins look for, are found. A table that has such an index under any name needs none.
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
	if err := takeTurn(ctx, conn, indexLockID); err != nil {
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

// wanted is an index that Better Auth does without.
type wanted struct {
	model string
	schema.Lookup
	// method is Postgres's name for its kind.
	method string
	// or are fields by which an index does as well.
	or []string
}

// extras lists them for the tables of a configuration.
func extras(set *schema.Set) []wanted {
	// Hashes, because values may be too long for a tree. An account is looked for by
	// provider and id, of which the id tells nearly all.
	all := []wanted{
		{model: "verification", Lookup: schema.Lookup{Fields: []string{"value"}, For: "the end of links that a user was sent"}, method: "hash"},
		{
			model: "account", Lookup: schema.Lookup{Fields: []string{"accountId"}, For: "sign-in with a provider"}, method: "hash",
			or: []string{"providerId", "accountId"},
		},
	}
	for _, e := range schema.Expiring {
		if !e.Busy {
			look := schema.Lookup{Fields: []string{e.Field}, For: "the deletion of what has expired"}
			all = append(all, wanted{model: e.Model, Lookup: look, method: "btree"})
		}
	}
	for _, t := range set.Tables() {
		for _, l := range t.Lookups {
			all = append(all, wanted{model: t.Model, Lookup: l, method: "btree"})
		}
	}
	return all
}

// extra is an index that is not there.
type extra struct {
	table     *schema.Table
	index     namedIndex
	method    string
	operators string // with a space before them, or empty for those of the type
	broken    bool   // its name is taken, by one that was not finished
	// impossible says that it takes an extension that is not installed.
	impossible bool
	purpose    string
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
	for _, w := range extras(o.Set) {
		t := o.Set.Table(w.model)
		if t == nil {
			continue
		}
		m := there.extra(t, w)
		if there.has(m, m.index.columns, w.Parts) || w.or != nil && there.has(m, columnsOf(t, w.or), false) {
			continue
		}
		m.broken = slices.ContainsFunc(there.indexes, func(i foundIndex) bool { return i.name == m.index.name })
		missing = append(missing, m)
	}
	return there, missing, nil
}

// extra tells how a wanted index is made here. Parts of texts are found by
// trigrams; without the extension, a tree finds how they begin. Only what is unique
// is in a tree already, and so short enough for one.
func (c *catalogue) extra(t *schema.Table, w wanted) extra {
	columns := columnsOf(t, w.Fields)
	m, name := extra{table: t, method: w.method, purpose: w.For}, columns
	switch {
	case w.Parts && c.trigrams != "":
		m.method, m.operators, name = "gin", " "+pgx.Identifier{c.trigrams, trigramOperators}.Sanitize(), append(slices.Clone(columns), "parts")
	case w.Parts:
		m.operators, name = " "+prefixOperators, append(slices.Clone(columns), "prefix")
		f := t.Field(w.Fields[0])
		m.impossible = f == nil || !f.Unique
	}
	m.index = namedIndex{name: indexName(extraPrefix+t.TableName(), name, false), columns: columns}
	return m
}

func columnsOf(t *schema.Table, fields []string) []string {
	columns := make([]string, len(fields))
	for i, name := range fields {
		columns[i] = t.Column(name)
	}
	return columns
}

// Classes of operators that find parts of texts, and how texts begin.
const (
	trigramOperators = "gin_trgm_ops"
	prefixOperators  = "text_pattern_ops"
)

// extraSteps returns how to make the missing indexes.
func extraSteps(ctx context.Context, conn *pgx.Conn, o Options) ([]Step, error) {
	there, missing, err := missingExtras(ctx, conn, o)
	var steps []Step
	for _, m := range missing {
		steps = append(steps, m.steps(there)...)
	}
	return steps, err
}

// steps returns how to make the index; none where that is impossible.
func (m extra) steps(there *catalogue) []Step {
	var steps []Step
	if m.impossible {
		return nil
	}
	if m.broken {
		steps = append(steps, Step{"drop half-made index " + m.index.name, "drop index concurrently " + there.qualified(m.index.name)})
	}
	columns := make([]string, len(m.index.columns))
	for i, column := range m.index.columns {
		columns[i] = quote(column) + m.operators
	}
	return append(steps, Step{"create index " + m.index.name, fmt.Sprintf("create index concurrently if not exists %s on %s using %s (%s)",
		quote(m.index.name), there.qualified(m.table.TableName()), m.method, strings.Join(columns, ", "))})
}

// has reports whether some index by columns does what m would, under any name.
func (c *catalogue) has(m extra, columns []string, parts bool) bool {
	return slices.ContainsFunc(c.indexes, func(i foundIndex) bool {
		if i.table != m.table.TableName() || !i.whole || len(i.columns) < len(columns) ||
			!slices.Equal(i.columns[:len(columns)], columns) {
			return false
		}
		byParts := strings.HasSuffix(i.operators, "_trgm_ops")
		if parts {
			return byParts || c.trigrams == "" && i.operators == prefixOperators
		}
		return !byParts
	})
}

// qualified returns a name in the catalogue's schema, quoted.
func (c *catalogue) qualified(name string) string { return pgx.Identifier{c.schema, name}.Sanitize() }
