package store

import (
	"context"
	"iter"
	"strings"
)

// UserSearch says which users an operator looks for.
type UserSearch struct {
	// Text is part of the address or the name, in whatever case; empty is any.
	Text string
	// Role is one of those in the comma list of the field role; empty is any. There
	// must be such a field.
	Role string
	// Limit is how many, the newest first; 0 is all.
	Limit int64
}

// SearchUsers gives the users that are looked for, the newest first, as they are
// read.
func (s *Store) SearchUsers(ctx context.Context, q UserSearch) iter.Seq2[*User, error] {
	return func(yield func(*User, error) bool) {
		sql, args := s.layout.user.search(q)
		rows, err := s.run.Query(ctx, sql, args...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			u := &User{}
			if err := rows.Scan(s.layout.user.targets(u)...); err != nil {
				yield(nil, err)
				return
			}
			if !yield(u, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

func (l *layout) search(q UserSearch) (sql string, args []any) {
	var conditions []string
	given := func(v any, text string) {
		args = append(args, v)
		conditions = append(conditions, strings.ReplaceAll(text, "$", "$"+itoa(len(args))))
	}
	if q.Text != "" {
		given(q.Text, "(strpos(lower("+l.column("email")+"), lower($)) > 0 or strpos(lower("+l.column("name")+"), lower($)) > 0)")
	}
	if q.Role != "" {
		given(q.Role, "$ = any(string_to_array("+l.column("role")+", ','))")
	}
	sql = "select " + l.list("") + " from " + l.table
	if len(conditions) > 0 {
		sql += " where " + strings.Join(conditions, " and ")
	}
	sql += " order by " + l.column("createdAt") + " desc, " + l.column("id") + " desc"
	if q.Limit > 0 {
		args = append(args, q.Limit)
		sql += " limit $" + itoa(len(args))
	}
	return sql, args
}
