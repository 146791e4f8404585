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
	var had, removed int
	if err := s.run.QueryRow(ctx, s.layout.sql.unlinkAccount, userID, id, all).Scan(&had, &removed); err != nil {
		return 0, err
	}
	switch {
	case removed > 0:
		return AccountRemoved, nil
	case had == 1 && !all:
		return LastAccount, nil
	}
	return NoAccount, nil
}
