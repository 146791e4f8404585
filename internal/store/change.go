package store

import (
	"context"
	"strings"
)

// Change is one field of a row and its new value.
type Change struct {
	// Field is the logical name.
	Field string
	Value any
}

// update writes the statement that applies changes to the rows in which the
// field key has the value of the first parameter, and returns them.
func (l *layout) update(key string, changes []Change) (sql string, args []any) {
	args = make([]any, 1, len(changes)+1)
	var b strings.Builder
	b.WriteString("update " + l.table + " set ")
	for i, c := range changes {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(l.column(c.Field) + " = $" + itoa(i+2))
		args = append(args, c.Value)
	}
	b.WriteString(" where " + l.column(key) + " = $1 returning " + l.list(""))
	return b.String(), args
}

// change applies changes to the one row whose field key has that value, and
// reads it into r.
func (s *Store) change(ctx context.Context, l *layout, r record, key string, value any, changes []Change) error {
	sql, args := l.update(key, changes)
	args[0] = value
	sql, args, err := s.beside(l, sql, args, true)
	if err != nil {
		return err
	}
	if err = s.run.QueryRow(ctx, sql, args...).Scan(l.targets(r)...); err == nil {
		s.noted(s.note)
	}
	return err
}
