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
	_, err := s.run.Exec(ctx, s.layout.account.insert, s.layout.account.values(a)...)
	return err
}
