package store

import (
	"context"
	"time"
)

// CredentialProvider is the provider id of the account that holds a user's
// password.
const CredentialProvider = "credential"

// Account is a row of the account table: one way in which a user signs in.
type Account struct {
	ID                    string
	AccountID             string // the user's id at the provider
	ProviderID            string
	UserID                string
	AccessToken           *string
	RefreshToken          *string
	IDToken               *string
	AccessTokenExpiresAt  *time.Time
	RefreshTokenExpiresAt *time.Time
	Scope                 *string // comma-joined
	Password              *string // a hash
	CreatedAt             time.Time
	UpdatedAt             time.Time
	// Extra holds the further columns, in the order of the field set.
	Extra []any
}

func (a *Account) field(name string) any {
	switch name {
	case "id":
		return &a.ID
	case "accountId":
		return &a.AccountID
	case "providerId":
		return &a.ProviderID
	case "userId":
		return &a.UserID
	case "accessToken":
		return &a.AccessToken
	case "refreshToken":
		return &a.RefreshToken
	case "idToken":
		return &a.IDToken
	case "accessTokenExpiresAt":
		return &a.AccessTokenExpiresAt
	case "refreshTokenExpiresAt":
		return &a.RefreshTokenExpiresAt
	case "scope":
		return &a.Scope
	case "password":
		return &a.Password
	case "createdAt":
		return &a.CreatedAt
	case "updatedAt":
		return &a.UpdatedAt
	}
	return nil
}

func (a *Account) extra(n int) []any { return grown(&a.Extra, n) }

// CreateAccount inserts an account.
func (s *Store) CreateAccount(ctx context.Context, a *Account) error {
	return s.create(ctx, &s.layout.account, a)
}

// Accounts gives the accounts of a user, at most limit of them, in the order in
// which the database has them.
func (s *Store) Accounts(ctx context.Context, userID string, limit int) ([]*Account, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.accounts, s.key(userID), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*Account
	for rows.Next() {
		row := &Account{}
		if err := rows.Scan(s.layout.account.targets(row)...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// Credential finds the account that holds a user's password.
func (s *Store) Credential(ctx context.Context, userID string) (*Account, error) {
	row := &Account{}
	if err := s.run.QueryRow(ctx, s.layout.sql.credential, s.key(userID)).Scan(s.layout.account.targets(row)...); err != nil {
		return nil, unknown(err)
	}
	return row, nil
}

// UpdateAccount changes fields of an account and gives the whole row.
func (s *Store) UpdateAccount(ctx context.Context, id string, changes ...Change) (*Account, error) {
	row := &Account{}
	return row, s.change(ctx, &s.layout.account, row, "id", s.key(id), changes)
}

// ReplacePassword puts another hash of the same password in the place of one, if
// that is still the user's, and tells whether it was.
func (s *Store) ReplacePassword(ctx context.Context, userID, old, hash string, at time.Time) (bool, error) {
	tag, err := s.run.Exec(ctx, s.layout.sql.replacePassword, s.key(userID), old, hash, at)
	return tag.RowsAffected() > 0, err
}

// DeleteAccount deletes an account only if it is that user's, and tells whether
// it was there.
func (s *Store) DeleteAccount(ctx context.Context, userID, id string) (bool, error) {
	n, err := s.remove(ctx, &s.layout.account, s.layout.sql.deleteAccount, s.key(id), s.key(userID))
	return n > 0, err
}
