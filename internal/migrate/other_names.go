package migrate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// OtherNames is the error that Better Auth's tables or columns seem to be there
// under other names than the configuration has, as the schemas of Drizzle and
// Prisma often give them. New ones beside them would be empty, and nobody would
// be known.
type OtherNames struct {
	// Tables are the names that the configuration lacks, as schema.Renamed
	// gives them.
	Tables []schema.Table
	// IDs is the kind of ids in the first of the tables.
	IDs schema.IDType

	table, like string // the first of them, and what it seems to be
}

// Error names the first of them, and the mend.
func (o *OtherNames) Error() string {
	return fmt.Sprintf("%s seems to be %s under another name, and a new one beside it would be empty: "+
		"put the names that `sallyport migrate plan` prints into the configuration, or let `sallyport migrate up --new-tables` make new ones",
		o.table, o.like)
}

// otherNames returns an *OtherNames, or nil where everything has its name.
func (c *comparison) otherNames() error {
	taken := map[string]bool{}
	for _, t := range c.set.Tables() {
		taken[t.TableName()] = true
	}
	found := &OtherNames{IDs: c.set.IDs}
	for _, t := range c.set.Tables() {
		name, renamed := t.TableName(), ""
		if _, exists := c.there.tables[name]; !exists {
			if renamed = c.lookalike(t, taken); renamed == "" {
				continue
			}
			name, taken[renamed] = renamed, true
		}
		columns := c.otherColumns(t, name)
		if renamed != "" || len(columns) > 0 {
			found.add(t, renamed, columns)
			found.noteIDs(c.there.tables[name]["id"])
		}
	}
	if len(found.Tables) == 0 {
		return nil
	}
	return found
}

func (o *OtherNames) add(t *schema.Table, renamed string, columns map[string]string) {
	if o.table == "" {
		o.table, o.like = "table "+renamed, "the table "+t.TableName()
		for _, field := range slices.Sorted(maps.Keys(columns)) {
			if renamed == "" {
				o.table, o.like = "column "+t.TableName()+"."+columns[field], "the column "+t.Column(field)
			}
		}
	}
	o.Tables = append(o.Tables, schema.Renamed(t.Model, renamed, columns))
}

func (o *OtherNames) noteIDs(id column) {
	switch {
	case len(o.Tables) > 1:
	case id.kind == "uuid":
		o.IDs = schema.UUIDs
	case strings.HasPrefix(id.kind, "int"):
		o.IDs = schema.SerialIDs
	}
}

// lookalike finds a table that has every required column of t, however they are
// written; one whose name is like that of t comes first. It is empty where there
// is none.
func (c *comparison) lookalike(t *schema.Table, taken map[string]bool) string {
	found := ""
	for _, name := range slices.Sorted(maps.Keys(c.there.tables)) {
		if taken[name] || !hasRequired(t, c.there.tables[name]) {
			continue
		}
		if strings.HasPrefix(plain(name), plain(t.Model)) {
			return name
		}
		if found == "" {
			found = name
		}
	}
	return found
}

func hasRequired(t *schema.Table, columns map[string]column) bool {
	there := map[string]bool{}
	for name := range columns {
		there[plain(name)] = true
	}
	for i := range t.Fields {
		if f := &t.Fields[i]; f.Required && !there[plain(f.Name)] && !there[plain(f.ColumnName())] {
			return false
		}
	}
	return there["id"]
}

// otherColumns are the columns of a table that t's fields seem to have under
// other names, by field.
func (c *comparison) otherColumns(t *schema.Table, table string) map[string]string {
	columns := c.there.tables[table]
	free := map[string]string{}
	for name := range columns {
		if !slices.Contains(t.Columns(), name) {
			free[plain(name)] = name
		}
	}
	other := map[string]string{}
	for i := range t.Fields {
		f := &t.Fields[i]
		name := free[plain(f.Name)]
		if _, exists := columns[f.ColumnName()]; !exists && name != "" {
			other[f.Name] = name
		}
	}
	return other
}

// plain is a name without what conventions differ in: emailVerified and
// email_verified are the same.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
