// Package schema says which tables and columns exist under a configuration.
//
// Better Auth composes its tables at start from the core ones, those of the
// enabled plugins and the operator's additional fields; a Set is that
// composition. From it come the column lists of reads and writes, the DDL and
// the start-up check. The package knows no database: it only describes one.
package schema

// Type is the kind of value a field holds, in Better Auth's words.
type Type string

// The types a field may have, with the column type that migrations give it.
const (
	String      Type = "string"   // text
	Number      Type = "number"   // integer
	BigInt      Type = "bigint"   // bigint
	Boolean     Type = "boolean"  // boolean
	Date        Type = "date"     // timestamptz
	JSON        Type = "json"     // jsonb
	StringArray Type = "string[]" // jsonb
	NumberArray Type = "number[]" // jsonb
)

// Field is one column of a table, and the rules for its values.
type Field struct {
	// Name is the logical name: the key in JSON.
	Name string
	// Column is the name in the database; empty means Name.
	Column string
	Type   Type
	// Required makes the column NOT NULL, and its absence an error on creation
	// unless there is a default.
	Required bool
	// Lax says that the configuration left open whether the field is required:
	// the column is NOT NULL, and only the database misses a value.
	Lax bool
	// Enum lists the texts that a String is meant to be one of, for the
	// documentation of the API.
	Enum []string
	// Unique and Index ask for a unique constraint or a plain index.
	Unique, Index bool
	// NoInput keeps clients from setting the field, NotReturned keeps it out
	// of answers.
	NoInput, NotReturned bool
	// DefaultNow fills the field with the time of the insert (as milliseconds
	// since 1970 for numbers), UpdateNow with the time of every update.
	DefaultNow, UpdateNow bool
	// Default is the value the server inserts when none is given: a string,
	// bool, int, float64 or, for JSON and array types, anything encoding/json
	// can write. It is not a default in a newly created table.
	Default any
	// BarsUntil says of a field of users that nobody in whom it is true gets a
	// session, before the time in the field that it names.
	BarsUntil string
	// References makes the column a foreign key.
	References *Reference
}

// Reference names the field that a foreign key points to.
type Reference struct {
	// Model and Field are logical names; the field may be "id".
	Model, Field string
	// OnDelete is the action in SQL's words; empty means "cascade".
	OnDelete string
}

// ColumnName returns the field's name in the database.
func (f *Field) ColumnName() string {
	if f.Column != "" {
		return f.Column
	}
	return f.Name
}

// HoldsJSON tells whether the column is one of JSON.
func (f *Field) HoldsJSON() bool {
	return f.Type == JSON || f.Type == StringArray || f.Type == NumberArray
}

// Index is an index over several fields of a table, or one with a name.
type Index struct {
	// Name is empty for the name Better Auth would give.
	Name string
	// Fields are logical names.
	Fields []string
	Unique bool
}

// Lookup is an index that Better Auth does without and that a large table is
// better off with. It is made on request only.
type Lookup struct {
	// Fields are logical names; the id may be among them.
	Fields []string
	// Parts says that texts are looked for by a part of them.
	Parts bool
	// For is who looks by it, in a few words.
	For string
}

// Table is one model: its columns apart from the id, which is implied, and its
// indexes of more than one column.
type Table struct {
	// Model is the logical name.
	Model string
	// Name is the name in the database; empty means Model.
	Name    string
	Fields  []Field
	Indexes []Index
	// Lookups are indexes that are made on request.
	Lookups []Lookup
	// Overrides lets fields take the place of those that an earlier part has
	// under the same names.
	Overrides bool
}

// TableName returns the table's name in the database.
func (t *Table) TableName() string {
	if t.Name != "" {
		return t.Name
	}
	return t.Model
}

// Field returns the field of that logical name, or nil.
func (t *Table) Field(name string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

// Column returns the name in the database of a field, which may be the id.
func (t *Table) Column(name string) string {
	if f := t.Field(name); f != nil {
		return f.ColumnName()
	}
	return name
}

// Columns returns the column names in order, the id first.
func (t *Table) Columns() []string {
	columns := make([]string, 0, len(t.Fields)+1)
	columns = append(columns, "id")
	for i := range t.Fields {
		columns = append(columns, t.Fields[i].ColumnName())
	}
	return columns
}
