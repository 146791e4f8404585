package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Renamed is the part of a Set that gives a table and its columns other names. An
// empty name of a table changes none.
func Renamed(model, table string, columns map[string]string) Table {
	t := Table{Model: model, Name: table}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		t.Fields = append(t.Fields, Field{Name: name, Column: columns[name]})
	}
	return t
}

// CheckColumns refuses columns, by the names of fields, of what is no field of the
// table, and columns without a name. The error goes on after the name of the option.
func (t *Table) CheckColumns(columns map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		switch {
		case t.Field(name) == nil:
			return fmt.Errorf("names a column for %q, which is none of its fields: %s", name, strings.Join(t.fieldNames(), ", "))
		case columns[name] == "":
			return fmt.Errorf("gives %s a column without a name; name one, or leave %s out", name, name)
		}
	}
	return nil
}

func (t *Table) fieldNames() []string {
	names := make([]string, len(t.Fields))
	for i := range t.Fields {
		names[i] = t.Fields[i].Name
	}
	return names
}
