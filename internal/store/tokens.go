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
