package store

import (
	"context"
	"errors"
	"time"
)

// User is a row of the user table.
type User struct {
	ID            string
	Name          string
	Email         string // lower case
	EmailVerified bool
	Image         *string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	// Extra holds the further columns, in the order of the field set.
	Extra []any
	// Cached tells that the user was read from a cookie and not from the row:
	// fields that clients never see are missing.
	Cached bool
}

func (u *User) field(name string) any {
	switch name {
	case "id":
		return &u.ID
	case "name":
		return &u.Name
	case "email":
		return &u.Email
	case "emailVerified":
		return &u.EmailVerified
	case "image":
		return &u.Image
	case "createdAt":
		return &u.CreatedAt
	case "updatedAt":
		return &u.UpdatedAt
	}
	return nil
}

func (u *User) extra(n int) []any { return grown(&u.Extra, n) }

// CreateUser inserts a user. ErrDuplicate says that the address is taken.
func (s *Store) CreateUser(ctx context.Context, u *User) error {
	return s.create(ctx, &s.layout.user, u)
}

// UserByEmail finds a user by address, which must be in lower case.
func (s *Store) UserByEmail(ctx context.Context, email string) (*User, error) {
	u := &User{}
	err := s.run.QueryRow(ctx, s.layout.sql.userByEmail, email).Scan(s.layout.user.targets(u)...)
	if err != nil {
		return nil, unknown(err)
	}
	return u, nil
}

// UserByID finds a user.
func (s *Store) UserByID(ctx context.Context, id string) (*User, error) {
	u := &User{}
	if err := s.run.QueryRow(ctx, s.layout.sql.userByID, s.key(id)).Scan(s.layout.user.targets(u)...); err != nil {
		return nil, unknown(err)
	}
	return u, nil
}

// LockUser finds a user and lets no other transaction change or lock the row
// until this one ends: changes of one user's password or address come one after
// another.
func (s *Store) LockUser(ctx context.Context, id string) (*User, error) {
	u := &User{}
	if err := s.run.QueryRow(ctx, s.layout.sql.lockUser, s.key(id)).Scan(s.layout.user.targets(u)...); err != nil {
		return nil, unknown(err)
	}
	return u, nil
}

// UpdateUser changes fields of a user and gives the whole row. ErrNotFound says
// that there is no such user, ErrDuplicate that a unique value is taken,
// ErrRejected that a value does not fit its column.
func (s *Store) UpdateUser(ctx context.Context, id string, changes ...Change) (*User, error) {
	u := &User{}
	return u, s.change(ctx, &s.layout.user, u, "id", s.key(id), changes)
}

// DeleteUser deletes a user with sessions and accounts, and tells whether there
// was one. It must run in a transaction.
func (s *Store) DeleteUser(ctx context.Context, id string) (bool, error) {
	silent := s.Noting(nil) // the user's end is what is noted
	if _, err := silent.remove(ctx, &s.layout.session, s.layout.sql.deleteUserSessions, s.key(id)); err != nil {
		return false, err
	}
	if _, err := silent.remove(ctx, &s.layout.account, s.layout.sql.deleteUserAccounts, s.key(id)); err != nil {
		return false, err
	}
	n, err := s.remove(ctx, &s.layout.user, s.layout.sql.deleteUser, s.key(id))
	return n > 0, err
}

// unknown makes ErrNotFound of a key that no column could hold, such as text
// with a NUL character: nobody has it.
func unknown(err error) error {
	if errors.Is(err, ErrRejected) {
		return ErrNotFound
	}
	return err
}
