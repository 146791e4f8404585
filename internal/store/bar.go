package store

import (
	"context"
	"errors"
	"slices"
)

// bars are the fields of users that keep them from getting sessions: where the
// first is true, until the time in the second.
func (l *layouts) bars() (fields [][2]string) {
	t := l.set.Table("user")
	for i := range t.Fields {
		if f := &t.Fields[i]; f.BarsUntil != "" {
			fields = append(fields, [2]string{f.Name, f.BarsUntil})
		}
	}
	return fields
}

// welcome is the condition, with an "and" before it, under which a user gets a
// session at a time.
func (l *layouts) welcome(now string) (sql string) {
	for _, bar := range l.bars() {
		sql += " and (" + l.user.column(bar[0]) + " is not true or " + l.user.column(bar[1]) + " < " + now + ")"
	}
	return sql
}

// host selects the user of a new session, if nothing bars them. Locked, the row
// cannot change before the session is there: a bar that is set at the same time
// either is seen here or sees the session.
func (l *layouts) host(columns []string) string {
	parameter := func(name string) string { return "$" + itoa(slices.Index(columns, l.session.column(name))+1) }
	return "select from " + l.user.table + " where " + l.user.column("id") + " = " + parameter("userId") +
		l.welcome(parameter("createdAt")) + " for share"
}

// hosted takes the values of a session from the parameters, if its user may have
// one.
func (l *layouts) hosted(columns []string) string {
	return "select " + placeholders(len(columns)) + " from (" + l.host(columns) + ") as host"
}

// whyNot tells why no session was inserted: ErrBarred, ErrRejected where there is
// no such user, or else what the insertion has said.
func (s *Store) whyNot(ctx context.Context, row *Session, said error) error {
	if s.layout.sql.barred == "" || !errors.Is(said, ErrNotFound) {
		return said
	}
	var barred bool
	err := s.run.QueryRow(ctx, s.layout.sql.barred, s.key(row.UserID), row.CreatedAt).Scan(&barred)
	switch {
	case errors.Is(err, ErrNotFound):
		return ErrRejected
	case err != nil:
		return err
	case barred:
		return ErrBarred
	}
	return said
}
