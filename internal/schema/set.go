package schema

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// IDType is the column type of every table's id and of the foreign keys that
// point to one.
type IDType string

// The id types Better Auth knows, by the names of its generateId option.
const (
	TextIDs   IDType = ""       // text, made by the server
	UUIDs     IDType = "uuid"   // uuid, made by the database
	SerialIDs IDType = "serial" // integer, made by the database
)

// Set is every table of a configuration. It does not change once it is made
// and may be shared.
type Set struct {
	// IDs is how ids are typed; it may be set before the Set is shared.
	IDs    IDType
	tables []*Table
}

// NewSet composes a Set. A later part may add tables, and fields and indexes to
// tables that are already there, which it names by model; a table with only a
// name, or a field with only a column, renames. It is an error when a part gives
// a field that exists another meaning, when two fields share a column or two
// tables a name, or when a reference leads nowhere.
func NewSet(parts ...[]Table) (*Set, error) {
	s := &Set{}
	for _, part := range parts {
		for i := range part {
			if err := s.add(&part[i]); err != nil {
				return nil, err
			}
		}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// MustNewSet is NewSet for tables known to be right, such as those written in
// the source. It panics on an error.
func MustNewSet(parts ...[]Table) *Set {
	s, err := NewSet(parts...)
	if err != nil {
		panic(err)
	}
	return s
}

// Table returns the table of that model, or nil.
func (s *Set) Table(model string) *Table {
	for _, t := range s.tables {
		if t.Model == model {
			return t
		}
	}
	return nil
}

// Tables returns the tables in the order in which they are created.
func (s *Set) Tables() []*Table { return slices.Clone(s.tables) }

// add merges one table into the set.
func (s *Set) add(part *Table) error {
	t := s.Table(part.Model)
	if t == nil {
		t = &Table{Model: part.Model, Name: part.Name}
		s.tables = append(s.tables, t)
	}
	if part.Name != "" {
		t.Name = part.Name
	}
	for _, f := range part.Fields {
		old := t.Field(f.Name)
		switch {
		case f.Type == "" && old != nil:
			old.Column = f.Column
		case f.Type == "":
			return fmt.Errorf("column %q is given to the unknown field %s.%s", f.Column, t.Model, f.Name)
		case old == nil:
			t.Fields = append(t.Fields, f)
		case part.Overrides:
			// What clients may set and see stays the plugin's to say.
			f.NoInput, f.NotReturned, f.BarsUntil = old.NoInput, old.NotReturned, old.BarsUntil
			*old = f
		case !reflect.DeepEqual(*old, f):
			return fmt.Errorf("field %s.%s is defined twice, differently", t.Model, f.Name)
		}
	}
	t.Lookups = append(t.Lookups, part.Lookups...)
	for _, index := range part.Indexes {
		if !slices.ContainsFunc(t.Indexes, func(o Index) bool { return reflect.DeepEqual(o, index) }) {
			t.Indexes = append(t.Indexes, index)
		}
	}
	return nil
}

// check refuses a set that no database could hold.
func (s *Set) check() error {
	names := map[string]string{}
	for _, t := range s.tables {
		if other, taken := names[t.TableName()]; taken {
			return fmt.Errorf("models %s and %s share the table name %q", other, t.Model, t.TableName())
		}
		names[t.TableName()] = t.Model
		if err := s.checkTable(t); err != nil {
			return err
		}
	}
	return nil
}

// checkTable refuses two fields in one column, references to nothing, and
// indexes of unknown fields.
func (s *Set) checkTable(t *Table) error {
	columns := map[string]string{"id": "id"}
	if err := checkName(t.TableName()); err != nil {
		return fmt.Errorf("table %q of %s %w", t.TableName(), t.Model, err)
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		if err := checkName(f.ColumnName()); err != nil {
			return fmt.Errorf("column %q of %s.%s %w", f.ColumnName(), t.Model, f.Name, err)
		}
		if other, taken := columns[f.ColumnName()]; taken {
			return fmt.Errorf("fields %s and %s of %s share the column %q", other, f.Name, t.Model, f.ColumnName())
		}
		columns[f.ColumnName()] = f.Name
		if _, err := s.target(f); err != nil {
			return fmt.Errorf("field %s.%s: %w", t.Model, f.Name, err)
		}
	}
	for _, index := range t.Indexes {
		for _, name := range index.Fields {
			if t.Field(name) == nil {
				return fmt.Errorf("an index of %s names the unknown field %q", t.Model, name)
			}
		}
	}
	return nil
}

// maxName is the length of identifiers in bytes beyond which Postgres cuts.
const maxName = 63

// checkName refuses what Postgres would not take for a name, or cut.
func checkName(name string) error {
	switch {
	case name == "" || strings.ContainsRune(name, 0):
		return errors.New("has no name that Postgres takes")
	case len(name) > maxName:
		return fmt.Errorf("has a name of more than %d bytes", maxName)
	}
	return nil
}

// Target is a foreign key's destination in database names.
type Target struct{ Table, Column string }

// Target returns where the foreign key f points; ok is false when f is none.
func (s *Set) Target(f *Field) (to Target, ok bool) {
	to, err := s.target(f)
	return to, err == nil && f.References != nil
}

// target resolves the reference of f; the zero Target when it has none.
func (s *Set) target(f *Field) (Target, error) {
	if f.References == nil {
		return Target{}, nil
	}
	t := s.Table(f.References.Model)
	if t == nil {
		return Target{}, fmt.Errorf("it references the unknown model %q", f.References.Model)
	}
	if f.References.Field == "id" {
		return Target{t.TableName(), "id"}, nil
	}
	to := t.Field(f.References.Field)
	if to == nil {
		return Target{}, fmt.Errorf("it references the unknown field %s.%s", t.Model, f.References.Field)
	}
	return Target{t.TableName(), to.ColumnName()}, nil
}
