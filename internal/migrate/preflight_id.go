package migrate

import (
	"slices"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// preflightID checks the id. Ids of another type than the configured one could
// not be inserted.
func (c *comparison) preflightID(t *schema.Table, columns map[string]column) {
	found, exists := columns["id"]
	switch {
	case !exists:
		c.problem("table %s has no column id, so it is not one of Better Auth's", t.TableName())
		return
	case !c.holdsID(found):
		c.problem("column %s.id is %s, which does not hold the ids of this configuration: %s",
			t.TableName(), found.spelled, otherIDs(found))
	case c.set.IDs == schema.SerialIDs && !found.hasDefault:
		c.problem("column %s.id has no default, and nothing else numbers the rows of this configuration (advanced.database.generateId): make it an identity column",
			t.TableName())
	}
	if !c.there.unique(t.TableName(), "id") {
		c.problem("column %s.id is not unique, so it names no row: add a primary key (alter table %s add primary key (id))",
			t.TableName(), c.ddl.table(t.TableName()))
	}
}

// holdsID reports whether a column can hold ids as configured.
func (c *comparison) holdsID(found column) bool {
	switch c.set.IDs {
	case schema.UUIDs:
		return found.kind == "uuid" || found.holdsText(36)
	case schema.SerialIDs:
		return slices.Contains(wholeNumbers, found.kind)
	}
	// Prisma's own ids are shorter than ours.
	return found.holdsText(32)
}

// holdsText reports whether a column holds texts of so many characters.
func (c column) holdsText(length int) bool {
	return c.category == "S" && (c.length == 0 || c.length >= length)
}

// otherIDs tells how ids and a column come to fit.
func otherIDs(found column) string {
	switch {
	case found.kind == "uuid":
		return "set advanced.database.generateId to uuid"
	case slices.Contains(wholeNumbers, found.kind):
		return "set advanced.database.generateId to serial"
	}
	return "make it, and what refers to it, text"
}

var wholeNumbers = []string{"int2", "int4", "int8"}
