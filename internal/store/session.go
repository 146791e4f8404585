package store

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Session is a row of the session table.
type Session struct {
	ID        string
	ExpiresAt time.Time
	Token     string
	CreatedAt time.Time
	UpdatedAt time.Time
	IPAddress *string
	UserAgent *string
	UserID    string
	// Extra holds the further columns, in the order of the field set.
	Extra []any
	// Cached tells that the session was read from a cookie and not from its
	// row: fields that clients never see are missing.
	Cached bool
	// From, when set, stands for the account and the address that it signs in
	// from: CreateSession remembers it.
	From []byte
}

func (s *Session) field(name string) any {
	switch name {
	case "id":
		return &s.ID
	case "expiresAt":
		return &s.ExpiresAt
	case "token":
		return &s.Token
	case "createdAt":
		return &s.CreatedAt
	case "updatedAt":
		return &s.UpdatedAt
	case "ipAddress":
		return &s.IPAddress
	case "userAgent":
		return &s.UserAgent
	case "userId":
		return &s.UserID
	}
	return nil
}

func (s *Session) extra(n int) []any { return grown(&s.Extra, n) }

// CreateSession inserts a session. ErrBarred says that its user may not have one.
func (s *Store) CreateSession(ctx context.Context, row *Session) error {
	return s.arrive(ctx, &s.layout.newSession, row)
}

// CreateSessionByPassword inserts a session if its user's password is still the
// one with that hash; ErrNotFound says that it is not. A change of the password
// at the same time either is seen here or sees the session. ErrBarred is as in
// CreateSession.
func (s *Store) CreateSessionByPassword(ctx context.Context, row *Session, hash string) error {
	return s.arrive(ctx, &s.layout.sessionByPassword, row, hash)
}

// HoldPassword keeps the password of a user as it is until the transaction ends,
// if it is the one with that hash; ErrNotFound says that it is not.
func (s *Store) HoldPassword(ctx context.Context, userID, hash string) error {
	tag, err := s.run.Exec(ctx, s.layout.sql.holdPassword, userID, hash)
	if err == nil && tag.RowsAffected() == 0 {
		err = ErrNotFound
	}
	return unknown(err)
}

// byPassword makes the insertion of a session hang on the row with the password:
// locked, it cannot change before the session is there. The user's row comes
// before it, as in a change of the password.
func (l *layouts) byPassword(columns []string) string {
	userID := "$" + itoa(slices.Index(columns, l.session.column("userId"))+1)
	hosted := ""
	if len(l.bars()) > 0 {
		hosted = " and exists (" + l.host(columns) + ")"
	}
	return replaceNames("select "+placeholders(len(columns))+" from (select from "+l.account.table+
		" where {a.userId} = "+userID+" and {a.providerId} = '"+CredentialProvider+"' and {a.accountId} = "+userID+"::text"+
		" and {a.password} = $"+itoa(len(columns)+1)+hosted+" limit 1 for share) as proof", map[string]*layout{"a": &l.account})
}

// SessionByToken finds a session and its user in one statement, which it may share
// with other requests. ErrNotFound says that either is missing.
func (s *Store) SessionByToken(ctx context.Context, token string) (*Session, *User, error) {
	alone := func() (found, error) { return s.sessionAlone(ctx, token) }
	if s.inTx || s.lookups == nil {
		f, err := alone()
		return f.session, f.user, err
	}
	f, err := s.lookups.find(ctx, token, alone)
	return f.session, f.user, err
}

func (s *Store) sessionAlone(ctx context.Context, token string) (found, error) {
	f := found{&Session{}, &User{}}
	targets := append(s.layout.session.targets(f.session), s.layout.user.targets(f.user)...)
	if err := s.run.QueryRow(ctx, s.layout.sql.sessionByToken, token).Scan(targets...); err != nil {
		return found{}, unknown(err)
	}
	return f, nil
}

// sessionsTogether finds the sessions of several tokens.
func (s *Store) sessionsTogether(ctx context.Context, tokens []string) (map[string]found, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.sessionsByToken, padded(tokens))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make(map[string]found, len(tokens))
	for rows.Next() {
		f := found{&Session{}, &User{}}
		if err := rows.Scan(append(s.layout.session.targets(f.session), s.layout.user.targets(f.user)...)...); err != nil {
			return nil, err
		}
		all[f.session.Token] = f
	}
	return all, rows.Err()
}

// padded repeats the first token until the list is so long that Postgres, which
// plans for ten elements where it does not know, does not find it worth the time to
// plan for the very list. It looks for each token once.
func padded(tokens []string) []string {
	for len(tokens) < 2*planned {
		tokens = append(tokens, tokens[0])
	}
	return tokens
}

// planned is how many elements Postgres plans for when it does not know.
const planned = 10

// RefreshSession extends a session that is still as the caller has seen it.
// Where another request was quicker, the row is returned as that one left it;
// ErrNotFound says that the session is gone.
func (s *Store) RefreshSession(ctx context.Context, token string, seen, expiresAt, now time.Time) (*Session, error) {
	row := &Session{}
	targets := s.layout.session.targets(row)
	err := s.run.QueryRow(ctx, s.layout.sql.refresh, token, seen, expiresAt, now).Scan(targets...)
	if errors.Is(err, ErrNotFound) {
		err = s.run.QueryRow(ctx, s.layout.sql.sessionRow, token).Scan(targets...)
	}
	if err != nil {
		return nil, unknown(err)
	}
	return row, nil
}

// UpdateSession changes fields of a session and gives the whole row.
// ErrNotFound says that the session is gone, ErrRejected that a value does not
// fit its column.
func (s *Store) UpdateSession(ctx context.Context, token string, changes ...Change) (*Session, error) {
	row := &Session{}
	return row, s.change(ctx, &s.layout.session, row, "token", token, changes)
}

// ListSessions gives the sessions of a user that end after now, at most limit
// of them, in the order in which the database has them.
func (s *Store) ListSessions(ctx context.Context, userID string, now time.Time, limit int) ([]*Session, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.listSessions, s.key(userID), now, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*Session
	for rows.Next() {
		row := &Session{}
		if err := rows.Scan(s.layout.session.targets(row)...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// DeleteSession deletes a session by token and tells whether it was there.
func (s *Store) DeleteSession(ctx context.Context, token string) (bool, error) {
	n, err := s.remove(ctx, &s.layout.session, s.layout.sql.deleteSession, token)
	return n > 0, err
}

// DeleteSessionOf deletes a session only if it is that user's.
func (s *Store) DeleteSessionOf(ctx context.Context, userID, token string) (bool, error) {
	n, err := s.remove(ctx, &s.layout.session, s.layout.sql.deleteSessionOf, token, userID)
	return n > 0, err
}

// DeleteUserSessions deletes every session of a user and gives their number.
func (s *Store) DeleteUserSessions(ctx context.Context, userID string) (int64, error) {
	return s.remove(ctx, &s.layout.session, s.layout.sql.deleteUserSessions, userID)
}

// DeleteOtherSessions deletes the sessions of a user that end after now, but
// not the one with token keep.
func (s *Store) DeleteOtherSessions(ctx context.Context, userID, keep string, now time.Time) (int64, error) {
	return s.remove(ctx, &s.layout.session, s.layout.sql.deleteOtherSessions, userID, keep, now)
}

// remove runs a delete. A key that no column could hold deletes nothing.
func (s *Store) remove(ctx context.Context, l *layout, sql string, args ...any) (int64, error) {
	sql, args, err := s.beside(l, sql, args, false)
	if err != nil {
		return 0, err
	}
	tag, err := s.run.Exec(ctx, sql, args...)
	switch {
	case errors.Is(err, ErrRejected):
		return 0, nil
	case err == nil && tag.RowsAffected() > 0:
		s.noted(s.note)
	}
	return tag.RowsAffected(), err
}
