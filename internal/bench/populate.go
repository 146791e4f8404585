package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// volume is how many rows a database is loaded with. Every user has a password;
// the sessions are dealt to the users in turn.
type volume struct{ users, sessions int }

// letters is an SQL expression for 32 letters and digits, as the original's ids
// and tokens are, that look random and are always the same for the same text.
func letters(text string) string {
	return `substr(translate(encode(sha256(convert_to(` + text + `, 'UTF8')), 'base64'), '+/=', ''), 1, 32)`
}

// numbered is an SQL expression for $1 rows, each with its number i and a moment
// at within the past.
func numbered(past string) string {
	return `(select i, date_trunc('milliseconds', now() - random() * interval '` + past + `') as at from generate_series(1, $1::int) i) as numbers`
}

// userAgent is what a browser sends.
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"

var (
	insertUsers = `insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
		select ` + letters(`'user ' || i`) + `, 'Person ' || i, 'loaded' || i || '@example.com', i % 4 > 0, at, at
		from ` + numbered("300 days")
	insertAccounts = `insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
		select ` + letters(`'account ' || "id"`) + `, "id", 'credential', "id", $1::text, "createdAt", "createdAt" from "user"`
	// All are valid for some hours to come, and made at any moment of the last six days.
	insertSessions = `insert into "session" ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
		select ` + letters(`'session ' || i`) + `, ` + letters(`'token ' || i`) + `, ` + letters(`'user ' || 1 + i % $2::int`) + `,
			at + interval '7 days', at, at, '192.0.2.' || i % 250, $3::text
		from ` + numbered("6 days")
)

// load fills the tables of a migrated database, which are empty, as a deployment
// would have filled them in some months.
func (v volume) load(ctx context.Context, url string) error {
	hash, err := passwordHash(ctx)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	err = withoutIndexes(ctx, conn, func() error {
		_, err := conn.Exec(ctx, insertUsers, v.users)
		if err == nil {
			_, err = conn.Exec(ctx, insertAccounts, hash)
		}
		if err == nil {
			_, err = conn.Exec(ctx, insertSessions, v.sessions, v.users, userAgent)
		}
		return err
	})
	if err == nil {
		_, err = conn.Exec(ctx, "vacuum (analyze)")
	}
	if err != nil {
		return fmt.Errorf("loading %d users and %d sessions: %w", v.users, v.sessions, err)
	}
	return nil
}

// passwordHash is what is stored for everybody's password.
func passwordHash(ctx context.Context) (string, error) {
	passwords := secure.NewPasswords(secure.PasswordOptions{})
	defer passwords.Close()
	place, err := passwords.Enter("")
	if err != nil {
		return "", err
	}
	defer place.Leave()
	return place.Hash(ctx, password, rand.Reader)
}

// The indexes and constraints of the loaded tables, and the references to them: how
// to take one away and how to make it again. References come last and need the keys.
const indexes = `
	with loaded(id) as (values ('"user"'::regclass), ('"session"'::regclass), ('"account"'::regclass))
	select format('alter table %1$s drop constraint %2$I', conrelid::regclass, conname) as away,
		format('alter table %1$s add constraint %2$I %3$s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as again, contype = 'f' as reference
	from pg_constraint where contype in ('p', 'u', 'f') and (conrelid in (select id from loaded) or confrelid in (select id from loaded))
	union all
	select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
	from pg_index where indrelid in (select id from loaded) and not exists (select from pg_constraint where conindid = indexrelid)
	order by reference`

// withoutIndexes does the work without the indexes and makes them afterwards,
// which takes a tenth of the time that filling them row by row does.
func withoutIndexes(ctx context.Context, conn *pgx.Conn, work func() error) error {
	type index struct {
		Away, Again string
		Reference   bool
	}
	rows, err := conn.Query(ctx, indexes)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	for i := range all {
		if _, err := conn.Exec(ctx, all[len(all)-1-i].Away); err != nil {
			return err
		}
	}
	if err := work(); err != nil {
		return err
	}
	for _, i := range all {
		if _, err := conn.Exec(ctx, i.Again); err != nil {
			return err
		}
	}
	return nil
}
