package store

import (
	"context"
	"strings"
)

// Unlinked is what became of a wish to remove an account.
type Unlinked int

// The outcomes of UnlinkAccount.
const (
	// AccountRemoved says that it is gone.
	AccountRemoved Unlinked = iota + 1
	// LastAccount says that the user has one account, whichever was asked for.
	LastAccount
	// NoAccount says that the user has no such account.
	NoAccount
)

// UnlinkAccount deletes an account of a user unless it is the last one and all
// is false. The user's accounts are locked while they are counted, so that of
// several calls at once one finds that it wants the last.
func (s *Store) UnlinkAccount(ctx context.Context, userID, id string, all bool) (Unlinked, error) {
	if strings.ContainsRune(id, 0) {
		id = "" // no column holds the character, so it is nobody's id
	}
	sql, args, err := s.unlinking(userID, id, all)
	if err != nil {
		return 0, err
	}
	var had, removed int
	if err := s.run.QueryRow(ctx, sql, args...).Scan(&had, &removed); err != nil {
		return 0, err
	}
	switch {
	case removed > 0:
		s.noted(s.note)
		return AccountRemoved, nil
	case had == 1 && !all:
		return LastAccount, nil
	}
	return NoAccount, nil
}

// unlinking gives the statement, with the note where there is one.
func (s *Store) unlinking(args ...any) (string, []any, error) {
	sql := &s.layout.sql
	if s.note == nil || !s.audits {
		return sql.unlinkAccount + sql.unlinkCounts, args, nil
	}
	insert, args, err := s.noteOf(&s.layout.account, args)
	return sql.unlinkAccount + ", noted as (" + insert + ")" + sql.unlinkCounts, args, err
}
