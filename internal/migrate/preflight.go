package migrate

import (
	"maps"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// preflight compares the columns a table has with what the field set wants of
// them, before anything is changed. What inserts would violate is a problem: a
// column of another type, or one that is NOT NULL where values may be missing. A
// required column that merely allows NULL is a warning, as in the original.
func (c *comparison) preflight(t *schema.Table, columns map[string]column) {
	wanted := map[string]bool{"id": true}
	if c.there.hidden[t.TableName()] {
		c.problem("row security hides rows of table %s from this role: connect as its owner, or as a role with BYPASSRLS", t.TableName())
	}
	c.preflightID(t, columns)
	c.preflightCounters(t, columns)
	for i := range t.Fields {
		f := &t.Fields[i]
		wanted[f.ColumnName()] = true
		if found, exists := columns[f.ColumnName()]; exists {
			c.preflightColumn(t, f, found)
			c.preflightKeys(t, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if found := columns[name]; !wanted[name] && !found.nullable && !found.hasDefault && !c.fillsIssuer(t, found) {
			c.problem("column %s.%s is NOT NULL and nothing fills it: drop it, make it nullable or give it a default", t.TableName(), name)
		}
	}
	c.freesIssuer(t, columns)
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

func (c *comparison) preflightColumn(t *schema.Table, f *schema.Field, found column) {
	fits := holds(t, f, found)
	if f.References != nil && f.References.Field == "id" {
		fits = c.holdsID(found)
	}
	table, name := t.TableName(), f.ColumnName()
	switch {
	case !fits:
		c.problem("column %s.%s is %s, and must be %s: change its type (alter table %s alter column %s type %[4]s using ...)",
			table, name, found.spelled, c.ddl.columnType(f), c.ddl.table(table), quote(name))
	case found.generated:
		c.problem("column %s.%s is computed by the database, and takes no value: alter table %s alter column %s drop expression",
			table, name, c.ddl.table(table), quote(name))
	case !f.Required && !found.nullable && f.Default == nil:
		c.problem("column %s.%s is NOT NULL, and must allow NULL: alter table %s alter column %s drop not null",
			table, name, c.ddl.table(table), quote(name))
	case f.Required && found.nullable:
		c.warn("column %s.%s allows NULL, and what has no value there cannot be read: alter table %s alter column %s set not null",
			table, name, c.ddl.table(table), quote(name))
	}
	if fits {
		c.preflightType(t, f, found)
	}
}

// withoutZone is said of every table that Drizzle or Prisma makes, mostly with nothing
// to be done.
const withoutZone = "timestamp without time zone. Times are written and read there in UTC, as Drizzle and Prisma do, and Better Auth's own adapter where Node runs in UTC; if yours has another zone, make them timestamptz (... type timestamptz using ... at time zone 'that zone')"

// preflightType tells what a type that fits does otherwise than the usual one.
func (c *comparison) preflightType(t *schema.Table, f *schema.Field, found column) {
	table, name := t.TableName(), f.ColumnName()
	column := table + "." + name
	switch {
	case found.kind == "timestamp":
		c.warnOf(column, withoutZone)
	case found.kind == "date":
		c.warnOf(column, "date. Of a time only the day is kept")
	case found.category == "E":
		c.warnOf(column, "the enum "+found.spelled+" ("+strings.Join(found.labels, ", ")+"). Another text is refused, and the request with it")
	case found.length > 0 && found.length < shortest(t, f):
		c.problem("column %s is %s, and what is stored there has %d characters: alter table %s alter column %s type text",
			column, found.spelled, shortest(t, f), c.ddl.table(table), quote(name))
	case found.length > 0 && f.References == nil:
		c.warnOf(column, found.spelled+". A longer text is refused, and the request with it")
	}
}

// shortest is how long what this server itself puts into a column is at least.
func shortest(t *schema.Table, f *schema.Field) int {
	switch t.Model + "." + f.Name {
	case "account.password":
		return 161 // a salt and a hash in hexadecimal
	case "session.token":
		return 32
	case "verification.identifier", "verification.value":
		return 64
	case "jwks.publicKey", "jwks.privateKey", "twoFactor.secret", "twoFactor.backupCodes":
		return 1024
	}
	return 0
}

// holds reports whether a column that was found can hold values of a field. It is
// as lenient as the original, and also takes types that Postgres treats alike,
// such as citext for text. Only times of the operator's may lose their hours.
func holds(t *schema.Table, f *schema.Field, found column) bool {
	switch f.Type {
	case schema.Number, schema.BigInt:
		milliseconds := f.Type == schema.BigInt && f.DefaultNow
		return slices.Contains(wholeNumbers, found.kind) && (!milliseconds || found.kind == "int8") ||
			slices.Contains([]string{"numeric", "float4", "float8"}, found.kind)
	case schema.Boolean:
		return found.kind == "bool"
	case schema.Date:
		return found.kind == "timestamptz" || found.kind == "timestamp" || found.kind == "date" && !needsValue(t, f)
	case schema.JSON, schema.StringArray, schema.NumberArray:
		return found.kind == "json" || found.kind == "jsonb"
	}
	return found.category == "S" || found.category == "E" || found.kind == "uuid"
}
