package store

import (
	"context"
	"time"
)

// Renewal is what a provider has given for the refresh token of an account. What is
// nil it did not give, and stays.
type Renewal struct {
	AccessToken           *string
	AccessTokenExpiresAt  *time.Time
	RefreshToken          *string
	RefreshTokenExpiresAt *time.Time
	IDToken               *string
	UpdatedAt             time.Time
}

// AccountOf finds an account of a user by its id.
func (s *Store) AccountOf(ctx context.Context, userID, id string) (*Account, error) {
	row := &Account{}
	err := s.run.QueryRow(ctx, s.layout.sql.accountOf, s.key(id), s.key(userID)).Scan(s.layout.account.targets(row)...)
	return row, unknown(err)
}

// RenewTokens writes a renewal into an account whose refresh token is still that of
// row, and gives the whole account. ErrNotFound says that there is none: it was
// removed, or signed in to meanwhile, which brought newer tokens.
func (s *Store) RenewTokens(ctx context.Context, row *Account, r Renewal) (*Account, error) {
	renewed := &Account{}
	err := s.run.QueryRow(ctx, s.layout.sql.renewTokens, s.key(row.ID), s.key(row.UserID), row.RefreshToken,
		r.AccessToken, r.AccessTokenExpiresAt, r.RefreshToken, r.RefreshTokenExpiresAt, r.IDToken, r.UpdatedAt).
		Scan(s.layout.account.targets(renewed)...)
	return renewed, err
}

// tokenTag is the beginning of an encrypted token that says which secret opens it.
const tokenTag = "coalesce(substring(token from '^[$]ba[$][0-9]+[$]'), '')"

// sealedForm is the form of a token that is encrypted.
const sealedForm = "token ~ '^([$]ba[$][0-9]+[$])?([0-9a-f]{2}){40,}$'"

// CountTokens counts the encrypted tokens of accounts by the tag of their secret.
func (s *Store) CountTokens(ctx context.Context) (map[string]int64, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.countTokens)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var tag string
		var n int64
		if err := rows.Scan(&tag, &n); err != nil {
			return nil, err
		}
		counts[tag] = n
	}
	return counts, rows.Err()
}

// SampleTokens gives some of the encrypted tokens with a tag.
func (s *Store) SampleTokens(ctx context.Context, tag string, most int) ([]string, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.sampleTokens, tag, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var token string
		if err := rows.Scan(&token); err != nil {
			return nil, err
		}
		out = append(out, token)
	}
	return out, rows.Err()
}
