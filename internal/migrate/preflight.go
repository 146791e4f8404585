package migrate

import (
	"maps"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// preflight compares the columns a table has with what the field set wants of
// them, before anything is changed. What inserts would violate is a problem: a
// column of another type, or one that is NOT NULL where values may be missing. A
// required column that merely allows NULL is a warning, as in the original.
func (c *comparison) preflight(t *schema.Table, columns map[string]column) {
	wanted := map[string]bool{"id": true}
	c.preflightID(t, columns)
	c.preflightCounters(t, columns)
	for i := range t.Fields {
		f := &t.Fields[i]
		wanted[f.ColumnName()] = true
		if found, exists := columns[f.ColumnName()]; exists {
			c.preflightColumn(t, f, found)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if found := columns[name]; !wanted[name] && !found.nullable && !found.hasDefault && !c.fillsIssuer(t, found) {
			c.problem("column %s.%s is NOT NULL and nothing fills it: drop it, make it nullable or give it a default", t.TableName(), name)
		}
	}
}

// preflightCounters checks that a counter is one row: each is found and written
// by its key in one statement, which needs the key to be unique. Tables that
// early versions of Better Auth made lack that.
func (c *comparison) preflightCounters(t *schema.Table, columns map[string]column) {
	if t.Model != schema.RateLimit.Model {
		return
	}
	key := t.Field("key").ColumnName()
	_, exists := columns[key]
	unique := slices.ContainsFunc(c.there.indexes, func(i foundIndex) bool {
		return i.table == t.TableName() && i.unique && i.whole && slices.Equal(i.columns, []string{key})
	})
	if exists && !unique {
		c.problem("column %s.%s is not unique, so requests cannot be counted there: empty the table, which holds nothing but counters, and add the constraint (delete from %[3]s; alter table %[3]s add unique (%[4]s))",
			t.TableName(), key, c.ddl.table(t.TableName()), quote(key))
	}
}

// preflightID checks the id. Ids of another type than the configured one could
// not be inserted.
func (c *comparison) preflightID(t *schema.Table, columns map[string]column) {
	found, exists := columns["id"]
	switch {
	case !exists:
		c.problem("table %s has no column id, so it is not one of Better Auth's", t.TableName())
	case !c.holdsID(found):
		c.problem("column %s.id is %s, which does not hold the ids of this configuration (advanced.database.generateId)",
			t.TableName(), found.spelled)
	case c.set.IDs == schema.SerialIDs && !found.hasDefault:
		c.problem("column %s.id has no default, and nothing else numbers the rows of this configuration (advanced.database.generateId): make it an identity column",
			t.TableName())
	}
}

// holdsID reports whether a column can hold ids as configured.
func (c *comparison) holdsID(found column) bool {
	switch c.set.IDs {
	case schema.UUIDs:
		return found.kind == "uuid" || found.holdsText(36)
	case schema.SerialIDs:
		return slices.Contains([]string{"int2", "int4", "int8"}, found.kind)
	}
	// Prisma's own ids are shorter than ours.
	return found.holdsText(32)
}

// holdsText reports whether a column holds texts of so many characters.
func (c column) holdsText(length int) bool {
	return c.category == "S" && (c.length == 0 || c.length >= length)
}

func (c *comparison) preflightColumn(t *schema.Table, f *schema.Field, found column) {
	fits := holds(f.Type, found)
	if f.References != nil && f.References.Field == "id" {
		fits = c.holdsID(found)
	}
	switch {
	case !fits:
		c.problem("column %s.%s is %s, and must be %s", t.TableName(), f.ColumnName(), found.spelled, c.ddl.columnType(f))
	case !f.Required && !found.nullable && f.Default == nil:
		c.problem("column %s.%s is NOT NULL, and must allow NULL", t.TableName(), f.ColumnName())
	case f.Required && found.nullable:
		c.log.Warn("a required column allows NULL: fill it and make it NOT NULL", "table", t.TableName(), "column", f.ColumnName())
	}
}

// holds reports whether a column that was found can hold values of a type. It is
// as lenient as the original, and also takes types that Postgres treats alike,
// such as citext for text.
func holds(kind schema.Type, found column) bool {
	switch kind {
	case schema.Number, schema.BigInt:
		return slices.Contains([]string{"int2", "int4", "int8", "numeric", "float4", "float8"}, found.kind)
	case schema.Boolean:
		return found.kind == "bool"
	case schema.Date:
		return slices.Contains([]string{"timestamptz", "timestamp", "date"}, found.kind)
	case schema.JSON, schema.StringArray, schema.NumberArray:
		return found.kind == "json" || found.kind == "jsonb"
	}
	return found.category == "S" || found.category == "E" || found.kind == "uuid"
}
