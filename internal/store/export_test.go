package store

import (
	"context"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// OpenTraced is Open with a tracer that sees each statement.
func OpenTraced(ctx context.Context, o Options, tracer pgx.QueryTracer) (*Store, error) {
	cfg, err := PoolConfig(o.URL, o.Schema)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.Tracer = tracer
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool, layout: newLayouts(o.Set, OwnSchema), names: newNames(OwnSchema, o.Set)}
	s.use(bounded{pool}, false)
	return s, nil
}

// Statements returns the text of every statement over shared tables, by name.
func (s *Store) Statements() map[string]string {
	texts := map[string]string{
		"insert user":                     s.layout.user.insert.withID,
		"insert session":                  s.layout.session.insert.withID,
		"insert account":                  s.layout.account.insert.withID,
		"insert user without an id":       s.layout.user.insert.withoutID,
		"insert session without an id":    s.layout.session.insert.withoutID,
		"insert account without an id":    s.layout.account.insert.withoutID,
		"session by password":             s.layout.sessionByPassword.plain.withID,
		"session by password without id":  s.layout.sessionByPassword.plain.withoutID,
		"session from":                    s.layout.newSession.remembered.withID,
		"session from without id":         s.layout.newSession.remembered.withoutID,
		"session by password from":        s.layout.sessionByPassword.remembered.withID,
		"session by password from, no id": s.layout.sessionByPassword.remembered.withoutID,
	}
	for field, by := range s.layout.userBy {
		texts["user by "+field], texts["user with password by "+field] = by.plain, by.withPassword
	}
	all := reflect.ValueOf(s.layout.sql)
	for i := range all.NumField() {
		texts[all.Type().Field(i).Name] = all.Field(i).String()
	}
	texts["unlinkAccount"] += texts["unlinkCounts"]
	delete(texts, "unlinkCounts")
	if texts["barred"] == "" {
		delete(texts, "barred")
	}
	return texts
}

// NotedStatements returns statements of each kind together with a note.
func (s *Store) NotedStatements() map[string]string {
	noting := s.Noting(&Note{})
	noting.audits = true
	l, texts := s.layout, map[string]string{}
	add := func(name string, of *layout, sql string, parameters int, echo bool) {
		texts[name], _, _ = noting.beside(of, sql, make([]any, parameters), echo)
	}
	for name, of := range map[string]*layout{"user": &l.user, "session": &l.session, "account": &l.account, "verification": &l.verification} {
		add("insert and note "+name, of, of.insert.withID, len(of.columns), of.insert.echo)
		update, args := of.update("id", []Change{{Field: "id"}})
		add("update and note "+name, of, update, len(args), true)
	}
	add("session by password and note", &l.session, l.sessionByPassword.plain.withID, len(l.session.columns)+1, true)
	add("session from and note", &l.session, l.newSession.remembered.withID, len(l.session.columns)+3, true)
	add("session by password from and note", &l.session, l.sessionByPassword.remembered.withID, len(l.session.columns)+4, true)
	add("end a session and note", &l.session, l.sql.deleteSession, 1, false)
	add("delete a user and note", &l.user, l.sql.deleteUser, 1, false)
	noting.note.Self = true
	add("end my session and note", &l.session, l.sql.deleteSession, 1, false)
	texts["unlink and note"], _, _ = noting.unlinking("", "", true)
	texts["note"] = noting.noteText()
	return texts
}

// PeriodicStatements returns those that count requests in the database and that delete
// what has expired.
func (s *Store) PeriodicStatements() map[string]string {
	texts := map[string]string{"count a request": s.RateLimits(nil).count}
	for _, of := range schema.Expiring {
		e := s.Expiring(of)
		texts["expired by pages "+of.Model] = e.byPages
		if !of.Busy {
			texts["expired "+of.Model] = e.byIndex
		}
	}
	return texts
}

// ListStatements returns the statements of a list, with their parameters.
func (s *Store) ListStatements(list Listing) (page, count string, args []any, err error) {
	q, err := s.layout.listing(&list)
	if err != nil {
		return "", "", nil, err
	}
	return q.page, q.count, q.args, nil
}

// Renamed returns the text of a generated query as it is sent.
func (s *Store) Renamed(text string) string { return s.names.text(text) }

// Exec runs a statement where the store would, inside its transaction.
func (s *Store) Exec(ctx context.Context, sql string) error {
	_, err := s.run.Exec(ctx, sql)
	return err
}

// SessionsTogether tells how many sessions of some tokens there are, asked for in one
// statement.
func (s *Store) SessionsTogether(ctx context.Context, tokens ...string) (int, error) {
	all, err := s.sessionsTogether(ctx, tokens)
	return len(all), err
}
