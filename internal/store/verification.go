package store

import (
	"context"
	"time"
)

// Verification is a row of the verification table: a one-time value, such as
// the token of a reset link, and what it stands for.
type Verification struct {
	ID         string
	Identifier string // the purpose and, where the value is secret, the token
	Value      string
	ExpiresAt  time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
	// Extra holds the further columns, in the order of the field set.
	Extra []any
}

func (v *Verification) field(name string) any {
	switch name {
	case "id":
		return &v.ID
	case "identifier":
		return &v.Identifier
	case "value":
		return &v.Value
	case "expiresAt":
		return &v.ExpiresAt
	case "createdAt":
		return &v.CreatedAt
	case "updatedAt":
		return &v.UpdatedAt
	}
	return nil
}

func (v *Verification) extra(n int) []any { return grown(&v.Extra, n) }

// CreateVerification inserts a one-time value.
func (s *Store) CreateVerification(ctx context.Context, v *Verification) error {
	return s.create(ctx, &s.layout.verification, v)
}

// VerificationOf finds the newest value of an identifier, expired or not, and
// leaves it there.
func (s *Store) VerificationOf(ctx context.Context, identifier string) (*Verification, error) {
	v := &Verification{}
	err := s.run.QueryRow(ctx, s.layout.sql.verification, identifier).Scan(s.layout.verification.targets(v)...)
	if err != nil {
		return nil, unknown(err)
	}
	return v, nil
}

// ConsumeVerification takes the newest value of an identifier that ends after
// now. Of several callers one gets it; the others, and whoever comes too late,
// get ErrNotFound.
func (s *Store) ConsumeVerification(ctx context.Context, identifier string, now time.Time) (*Verification, error) {
	rows, err := s.run.Query(ctx, s.layout.sql.consumeVerification, identifier, now)
	if err != nil {
		return nil, unknown(err)
	}
	defer rows.Close()
	var newest *Verification
	for rows.Next() {
		v := &Verification{}
		if err := rows.Scan(s.layout.verification.targets(v)...); err != nil {
			return nil, err
		}
		if newest == nil || v.CreatedAt.After(newest.CreatedAt) {
			newest = v
		}
	}
	if err := rows.Err(); err != nil {
		return nil, unknown(err)
	}
	if newest == nil {
		return nil, ErrNotFound
	}
	return newest, nil
}

// ConsumeVerificationOf takes a value of an identifier only if it is that one and
// ends after now. Of several callers one gets it; the others, and whoever comes
// too late, get ErrNotFound.
func (s *Store) ConsumeVerificationOf(ctx context.Context, identifier, value string, now time.Time) error {
	n, err := s.remove(ctx, &s.layout.verification, s.layout.sql.consumeVerificationOf, identifier, value, now)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return unknown(err)
}

// DeleteVerificationsOf deletes every one-time value that stands for a user by
// nothing but the user's id: reset and deletion links.
func (s *Store) DeleteVerificationsOf(ctx context.Context, userID string) (int64, error) {
	return s.remove(ctx, &s.layout.verification, s.layout.sql.deleteVerificationsOf, userID)
}

// DeleteVerificationsFor is DeleteVerificationsOf for the identifiers that begin
// with a purpose.
func (s *Store) DeleteVerificationsFor(ctx context.Context, userID, purpose string) (int64, error) {
	return s.remove(ctx, &s.layout.verification, s.layout.sql.deleteVerificationsFor, userID, purpose)
}

// CountTry counts one try at the newest value of an identifier, which ends with
// the number of its tries, alone or after a colon, if there have been fewer than
// most: of many callers at once no more are let through. It gives the row with the
// new number; ErrNotFound says that there is none, that it has ended by now, or
// that nothing is left. Older values of the identifier end. As Better Auth writes
// the row anew for each try, it is as if made at that time.
func (s *Store) CountTry(ctx context.Context, identifier string, now time.Time, most int) (*Verification, error) {
	v := &Verification{}
	err := s.run.QueryRow(ctx, s.layout.sql.countTry, identifier, now, most).Scan(s.layout.verification.targets(v)...)
	if err != nil {
		return nil, unknown(err)
	}
	return v, nil
}
