package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Arrival is a user who comes from elsewhere, with the ways to sign in. Every id is
// given.
type Arrival struct {
	User     *User
	Accounts []*Account
	Note     *Note
}

// CreateArrivals inserts users in one round trip, in a transaction that there must
// be. Its errors are those of CreateUser, and do not tell whom they are about.
func (s *Store) CreateArrivals(ctx context.Context, arrivals []*Arrival) error {
	tx, ok := s.run.(mapping).runner.(pgx.Tx)
	if !ok {
		return errNoTransaction
	}
	b := &pgx.Batch{}
	for _, a := range arrivals {
		if err := s.queue(b, a); err != nil {
			return err
		}
	}
	results := tx.SendBatch(ctx, b)
	var err error
	for i := 0; err == nil && i < b.Len(); i++ {
		_, err = results.Exec()
	}
	if errClose := results.Close(); err == nil { // which gives the same error once more
		err = errClose
	}
	if err != nil {
		return mapped(ctx, err)
	}
	for _, a := range arrivals {
		s.noted(a.Note)
	}
	return nil
}

func (s *Store) queue(b *pgx.Batch, a *Arrival) error {
	b.Queue(s.layout.user.insert.withID, s.layout.user.values(a.User)...)
	for _, account := range a.Accounts {
		b.Queue(s.layout.account.insert.withID, s.layout.account.values(account)...)
	}
	if !s.audits {
		return nil
	}
	args, err := a.Note.args()
	if err == nil {
		b.Queue(s.noteText(), append(args, true)...)
	}
	return err
}

// UsersNamed gives the users with one of the ids or addresses, which must be in
// lower case.
func (s *Store) UsersNamed(ctx context.Context, ids, emails []string) ([]*User, error) {
	return s.users(ctx, s.layout.sql.usersNamed, s.keys(ids), emails)
}

// UsersAfter gives users in the order of their ids: the first ones, or those after
// an id.
func (s *Store) UsersAfter(ctx context.Context, id string, limit int) ([]*User, error) {
	if id == "" {
		return s.users(ctx, s.layout.sql.firstUsers, limit)
	}
	return s.users(ctx, s.layout.sql.usersAfter, limit, s.key(id))
}

func (s *Store) users(ctx context.Context, sql string, args ...any) ([]*User, error) {
	rows, err := s.run.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*User
	for rows.Next() {
		u := &User{}
		if err := rows.Scan(s.layout.user.targets(u)...); err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}

// AccountsOf gives the accounts of several users, by the users' ids, the oldest
// first.
func (s *Store) AccountsOf(ctx context.Context, userIDs []string) (map[string][]*Account, error) {
	list, err := s.accounts(ctx, s.layout.sql.accountsOf, s.keys(userIDs))
	out := map[string][]*Account{}
	for _, a := range list {
		out[a.UserID] = append(out[a.UserID], a)
	}
	return out, err
}

// AccountsNamed gives the accounts that are at one of the providers what stands in
// the same place of accountIDs. No index helps with it: ask for many at once.
func (s *Store) AccountsNamed(ctx context.Context, providers, accountIDs []string) ([]*Account, error) {
	return s.accounts(ctx, s.layout.sql.accountsNamed, providers, accountIDs)
}

func (s *Store) accounts(ctx context.Context, sql string, args ...any) ([]*Account, error) {
	rows, err := s.run.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*Account
	for rows.Next() {
		a := &Account{}
		if err := rows.Scan(s.layout.account.targets(a)...); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// keys is key for a list.
func (s *Store) keys(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = s.key(id)
	}
	return out
}

// idLists are the types of lists of ids.
var idLists = map[schema.IDType]string{schema.TextIDs: "text[]", schema.UUIDs: "uuid[]", schema.SerialIDs: "bigint[]"}

// NextIDs is NextID for so many rows.
func (s *Store) NextIDs(ctx context.Context, model string, n int) ([]string, error) {
	rows, err := s.run.Query(ctx, "select nextval(pg_get_serial_sequence($1, 'id'))::text from generate_series(1, $2)",
		quote(s.layout.set.Table(model).TableName()), n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// PassID makes the numbers of a table's ids go on after one that was given.
func (s *Store) PassID(ctx context.Context, model, id string) error {
	_, err := s.run.Exec(ctx, "select setval(pg_get_serial_sequence($1, 'id'), $2::text::bigint) where nextval(pg_get_serial_sequence($1, 'id')) < $2::text::bigint",
		quote(s.layout.set.Table(model).TableName()), s.key(id))
	return err
}

// FormOfID gives an id as the database gives it back: accountId is a text, and an
// id in another form of the same meaning would be none in it. It is false for what
// cannot be an id, under this configuration.
func (s *Store) FormOfID(id string) (form string, ok bool) {
	if id == "" || s.key(id) != id {
		return "", false
	}
	switch s.layout.set.IDs {
	case schema.UUIDs:
		return strings.ToLower(id), true
	case schema.SerialIDs:
		n, err := strconv.ParseInt(id, 10, 64)
		return strconv.FormatInt(n, 10), err == nil
	}
	return id, true
}
