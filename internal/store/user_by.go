package store

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// userBy are the statements that find a user by one unique field.
type userBy struct{ plain, withPassword string }

// newUserBy writes them for every such field of the configuration, so that none
// is composed for a request.
func newUserBy(l *layouts) map[string]userBy {
	all := map[string]userBy{}
	for _, f := range l.set.Table("user").Fields {
		if f.Unique && f.Type == schema.String {
			all[f.Name] = l.findUserBy(f.Name)
		}
	}
	return all
}

func (l *layouts) findUserBy(field string) userBy {
	u, a := &l.user, &l.account
	where := " where u.{u." + field + "} = $1"
	names := func(text string) string { return replaceNames(text, map[string]*layout{"u": u, "a": a}) }
	return userBy{
		plain: names("select " + u.list("u.") + " from " + u.table + " u" + where),
		withPassword: names("select " + u.list("u.") + ", a.{a.password} from " + u.table + " u left join " + a.table +
			" a on a.{a.userId} = u.{u.id} and a.{a.providerId} = '" + CredentialProvider + "' and a.{a.accountId} = u.{u.id}::text" +
			where + " limit 1"),
	}
}

// UserBy finds a user by a unique field of texts. That the field is none is a
// fault of this program.
func (s *Store) UserBy(ctx context.Context, field, value string) (*User, error) {
	u := &User{}
	if err := s.run.QueryRow(ctx, s.userBy(field).plain, value).Scan(s.layout.user.targets(u)...); err != nil {
		return nil, unknown(err)
	}
	return u, nil
}

// UserWithPasswordBy is UserBy together with the hash of the password, in one
// statement. The hash is nil where there is no password.
func (s *Store) UserWithPasswordBy(ctx context.Context, field, value string) (u *User, hash *string, err error) {
	u = &User{}
	targets := append(s.layout.user.targets(u), &hash)
	if err := s.run.QueryRow(ctx, s.userBy(field).withPassword, value).Scan(targets...); err != nil {
		return nil, nil, unknown(err)
	}
	return u, hash, nil
}

// UserWithPassword is UserWithPasswordBy the address, which must be in lower
// case.
func (s *Store) UserWithPassword(ctx context.Context, email string) (u *User, hash *string, err error) {
	return s.UserWithPasswordBy(ctx, "email", email)
}

func (s *Store) userBy(field string) userBy {
	by, ok := s.layout.userBy[field]
	if !ok {
		panic("store: the field " + field + " finds no single user")
	}
	return by
}
