package migrate

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// preflightKeys looks at what a table keeps by itself of a column that is there:
// that values differ, that they are found quickly, that they lead to something.
func (c *comparison) preflightKeys(t *schema.Table, f *schema.Field) {
	if f.Unique && t.Model != schema.RateLimit.Model { // whose key is looked at by itself
		c.preflightUnique(t, f)
	}
	if f.Index && !f.Unique && !c.there.indexed(t.TableName(), f.ColumnName()) {
		c.warn("column %[1]s.%[2]s has no index, so its rows are found by walking through the table: create index concurrently on %[3]s (%[4]s)",
			t.TableName(), f.ColumnName(), c.ddl.table(t.TableName()), quote(f.ColumnName()))
	}
	if to, ok := c.set.Target(f); ok {
		c.preflightReference(t, f, to)
	}
}

// preflightUnique refuses what only the database can keep apart: of two requests
// at the same moment, each finds that the value is free. Tokens of sessions are
// random, and differ by themselves.
func (c *comparison) preflightUnique(t *schema.Table, f *schema.Field) {
	table, name := t.TableName(), f.ColumnName()
	mend := "create unique index concurrently on " + c.ddl.table(table) + " (" + quote(name) + ")"
	switch {
	case c.there.unique(table, name):
		if !c.there.indexed(table, name) {
			c.warn("column %s.%s has an index on its lower case alone, so that who signs in is found by walking through the table: %s", table, name, mend)
		}
	case t.Model == "session":
		if !c.there.indexed(table, name) {
			c.warn("column %s.%s has no index, so that every request with a session walks through the table: %s", table, name, mend)
		}
	default:
		c.problem("column %s.%s is not unique, so that two requests at one moment make two rows with the same value, and no more can be told whose it is: %s",
			table, name, mend)
	}
}

// preflightReference compares the foreign key of a column with the one that is
// wanted. The server takes sessions and accounts away with their user itself.
func (c *comparison) preflightReference(t *schema.Table, f *schema.Field, to schema.Target) {
	table, name, want := t.TableName(), f.ColumnName(), strings.ToLower(f.References.OnDelete)
	if want == "" {
		want = "cascade"
	}
	there := false
	for _, r := range c.there.references {
		if r.table != table || r.column != name {
			continue
		}
		there = true
		c.compareReference(t, f, r, to, want)
	}
	if !there {
		c.warn("column %s.%s is no foreign key: what belongs to a row of %s that another program deletes stays behind, and counts for nothing (alter table %s add foreign key (%s) references %s (%s) on delete %s)",
			table, name, to.Table, c.ddl.table(table), quote(name), c.ddl.table(to.Table), quote(to.Column), want)
	}
}

// compareReference is preflightReference for one of the foreign keys of a column,
// each of which has to hold.
func (c *comparison) compareReference(t *schema.Table, f *schema.Field, found reference, to schema.Target, want string) {
	table, name := t.TableName(), f.ColumnName()
	switch {
	case found.target != to.Table:
		c.problem("column %s.%s is a foreign key to table %s, and must lead to %s: drop the constraint %s or make it anew",
			table, name, found.target, to.Table, found.name)
	case found.onDelete == want || t.Model == "session" || t.Model == "account":
	case hinders(found.onDelete):
		c.warn("the foreign key %s.%s says on delete %s, not %s: a row of %s that has any of these cannot be deleted",
			table, name, found.onDelete, want, to.Table)
	default:
		c.warn("the foreign key %s.%s says on delete %s, not %s", table, name, found.onDelete, want)
	}
}

// hinders tells whether a foreign key keeps what it leads to from being deleted.
func hinders(onDelete string) bool { return onDelete == "no action" || onDelete == "restrict" }

// unique tells whether the database keeps the values of a column apart. One that
// keeps them apart in lower case does, since addresses and names are stored so.
func (c *catalogue) unique(table, name string) bool {
	return slices.ContainsFunc(c.indexes, func(i foundIndex) bool {
		return i.table == table && i.unique && (i.whole && slices.Equal(i.columns, []string{name}) || i.lowered == name)
	})
}

// indexed tells whether rows are found by a column.
func (c *catalogue) indexed(table, name string) bool {
	return slices.ContainsFunc(c.indexes, func(i foundIndex) bool {
		return i.table == table && i.whole && len(i.columns) > 0 && i.columns[0] == name
	})
}
