package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// comparison finds what a database lacks. Its order is the original's: schema,
// columns, tables, then the indexes of added columns, of new tables, and those
// that tables ask for as a whole.
type comparison struct {
	set   *schema.Set
	there *catalogue
	ddl   ddl

	columns, tables, indexes, tableWide []Step
	remarks                             []Remark
	// rows says that rows are looked at too, which takes a walk through tables.
	rows bool
	// newTables makes tables beside those that seem to be the same.
	newTables bool
}

// anew names the schema of the tables if none of them is there.
func (c *comparison) anew() string {
	for _, t := range c.set.Tables() {
		if _, exists := c.there.tables[t.TableName()]; exists {
			return ""
		}
	}
	return c.there.schema
}

// steps returns the statements to run, or one error that names every reason not
// to start.
func (c *comparison) steps(ctx context.Context, tx pgx.Tx) ([]Step, error) {
	if !c.newTables {
		if err := c.otherNames(); err != nil {
			return nil, err
		}
	}
	for _, t := range c.set.Tables() {
		columns, exists := c.there.tables[t.TableName()]
		if exists {
			c.preflight(t, columns)
			if err := c.adopt(ctx, tx, t, columns); err != nil {
				return nil, err
			}
			if !c.rows {
				continue
			}
			if err := c.preflightRows(ctx, tx, t, columns); err != nil {
				return nil, err
			}
		}
	}
	for _, t := range c.set.Tables() {
		c.indexTable(t)
		if _, exists := c.there.tables[t.TableName()]; !exists {
			c.create(t)
		}
	}
	if err := c.refusal(); err != nil {
		return nil, err
	}
	return slices.Concat(c.createSchema(), c.columns, c.tables, c.indexes, c.tableWide), nil
}

// createSchema returns the step that makes a schema named in the configuration.
func (c *comparison) createSchema() []Step {
	if c.there.exists {
		return nil
	}
	return []Step{{"create schema " + c.ddl.schema, "create schema if not exists " + quote(c.ddl.schema)}}
}

// create adds the steps for a table that is not there.
func (c *comparison) create(t *schema.Table) {
	if kind, taken := c.there.taken[t.TableName()]; taken {
		c.problem("%s is %s, and must be a table: rename it, or give the table another name by the option modelName", t.TableName(), kind)
	}
	c.tables = append(c.tables, Step{"create table " + t.TableName(), c.ddl.createTable(t)})
	for _, index := range fieldIndexes(t) {
		c.indexes = append(c.indexes, c.indexStep(t, index))
	}
}

// adopt adds the steps for the columns that a table lacks.
func (c *comparison) adopt(ctx context.Context, tx pgx.Tx, t *schema.Table, columns map[string]column) error {
	for i := range t.Fields {
		f := &t.Fields[i]
		if _, exists := columns[f.ColumnName()]; exists {
			continue
		}
		if err := c.refuseUnfilled(ctx, tx, t, f); err != nil {
			return err
		}
		c.columns = append(c.columns, Step{
			"add column " + t.TableName() + "." + f.ColumnName(), c.ddl.addColumn(t, f),
		})
		if f.Index || f.Unique {
			c.indexes = append(c.indexes, c.indexStep(t, fieldIndex(t, f)))
		}
	}
	return nil
}

// refuseUnfilled notes a problem when rows that exist would have no value for a
// new column that needs one.
func (c *comparison) refuseUnfilled(ctx context.Context, tx pgx.Tx, t *schema.Table, f *schema.Field) error {
	if _, constant := constantDefault(f); !f.Required || constant || timeDefault(f) {
		return nil
	}
	var populated bool
	err := tx.QueryRow(ctx, "select exists (select from "+c.ddl.table(t.TableName())+")").Scan(&populated)
	if err != nil {
		return fmt.Errorf("looking for rows in table %s: %w", quote(t.TableName()), err)
	}
	if populated {
		c.problem("table %s has rows, and its required column %s is missing: add it as nullable, fill it, then make it NOT NULL",
			t.TableName(), f.ColumnName())
	}
	return nil
}

// indexTable adds the steps for the indexes of a whole table. One that has the
// name but not the shape is a problem: it would never be made.
func (c *comparison) indexTable(t *schema.Table) {
	for _, index := range tableIndexes(t) {
		at := slices.IndexFunc(c.there.indexes, func(o foundIndex) bool { return strings.EqualFold(o.name, index.name) })
		if at < 0 {
			c.tableWide = append(c.tableWide, c.indexStep(t, index))
			continue
		}
		old := c.there.indexes[at]
		if old.table != t.TableName() || !old.whole || old.unique != index.unique || !slices.Equal(old.columns, index.columns) {
			c.problem("index %s on table %s is not the one needed on table %s (%s): rename or replace it",
				old.name, old.table, t.TableName(), strings.Join(index.columns, ", "))
		}
	}
}

func (c *comparison) indexStep(t *schema.Table, index namedIndex) Step {
	return Step{"create index " + index.name, c.ddl.createIndex(t, index)}
}
