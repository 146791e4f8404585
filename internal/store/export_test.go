package store

import (
	"context"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
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
	all := reflect.ValueOf(s.layout.sql)
	for i := range all.NumField() {
		texts[all.Type().Field(i).Name] = all.Field(i).String()
	}
	return texts
}

// Renamed returns the text of a generated query as it is sent.
func (s *Store) Renamed(text string) string { return s.names.text(text) }

// Exec runs a statement where the store would, inside its transaction.
func (s *Store) Exec(ctx context.Context, sql string) error {
	_, err := s.run.Exec(ctx, sql)
	return err
}
