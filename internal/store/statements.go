package store

import (
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// statements are the texts of the queries over shared tables. They are made
// once, from the column lists of the configuration; nothing from a request
// becomes part of one.
type statements struct {
	userByEmail                         string
	sessionByToken, sessionsByToken     string
	refresh, sessionRow                 string
	listSessions, deleteSession         string
	deleteSessionOf, deleteUserSessions string
	deleteOtherSessions                 string
	userByID, lockUser, deleteUser      string
	barred                              string // empty where nothing bars
	accounts, credential, deleteAccount string
	unlinkAccount, unlinkCounts         string
	deleteUserAccounts                  string
	verification, consumeVerification   string
	consumeVerificationOf               string
	deleteVerificationsOf               string
	holdPassword, countTry              string
	deleteVerificationsFor              string
	replacePassword                     string
	usersNamed, firstUsers, usersAfter  string
	accountsOf, accountsNamed           string
	accountOf, renewTokens              string
	countTokens, sampleTokens           string
	accountsByKey                       string
}

func newStatements(l *layouts) statements {
	u, s, a, v := &l.user, &l.session, &l.account, &l.verification
	// names replaces {x.field} by the quoted column of a field.
	names := func(text string) string {
		return replaceNames(text, map[string]*layout{"u": u, "s": s, "a": a, "v": v})
	}
	tokens := names("(select unnest(array[{a.accessToken}, {a.refreshToken}]) as token from " + a.table + ") tokens")
	barred, hosted := "", ""
	if len(l.bars()) > 0 {
		// The user's row comes first, as in a change of the password.
		hosted = names(" and exists (select from " + u.table + " where {u.id} = $1 for share)")
		barred = names("select not coalesce(true" + l.welcome("$2") + ", false) from " + u.table + " where {u.id} = $1")
	}
	session := names("select " + s.list("s.") + ", " + u.list("u.") + " from " + s.table + " s join " + u.table +
		" u on u.{u.id} = s.{s.userId} where s.{s.token} = ")
	return statements{
		barred:              barred,
		userByEmail:         names("select " + u.list("") + " from " + u.table + " where {u.email} = $1"),
		sessionByToken:      session + "$1",
		sessionsByToken:     session + "any($1)",
		refresh:             names("update " + s.table + " set {s.expiresAt} = $3, {s.updatedAt} = $4 where {s.token} = $1 and {s.expiresAt} = $2 returning " + s.list("")),
		sessionRow:          names("select " + s.list("") + " from " + s.table + " where {s.token} = $1"),
		listSessions:        names("select " + s.list("") + " from " + s.table + " where {s.userId} = $1 and {s.expiresAt} > $2 limit $3"),
		deleteSession:       names("delete from " + s.table + " where {s.token} = $1"),
		deleteSessionOf:     names("delete from " + s.table + " where {s.token} = $1 and {s.userId} = $2"),
		deleteUserSessions:  names("delete from " + s.table + " where {s.userId} = $1"),
		deleteOtherSessions: names("delete from " + s.table + " where {s.userId} = $1 and {s.token} <> $2 and {s.expiresAt} > $3"),

		userByID:   names("select " + u.list("") + " from " + u.table + " where {u.id} = $1"),
		usersNamed: names("select " + u.list("") + " from " + u.table + " where {u.id} = any($1::text[]::" + idLists[l.set.IDs] + ") or {u.email} = any($2)"),
		firstUsers: names("select " + u.list("") + " from " + u.table + " order by {u.id} limit $1"),
		usersAfter: names("select " + u.list("") + " from " + u.table + " where {u.id} > $2 order by {u.id} limit $1"),
		lockUser:   names("select " + u.list("") + " from " + u.table + " where {u.id} = $1 for no key update"),
		deleteUser: names("delete from " + u.table + " where {u.id} = $1"),

		accounts: names("select " + a.list("") + " from " + a.table + " where {a.userId} = $1 limit $2"),
		credential: names("select " + a.list("") + " from " + a.table + " where {a.userId} = $1 and {a.providerId} = '" +
			CredentialProvider + "' and {a.accountId} = $1::text limit 1"),
		replacePassword: names("update " + a.table + " set {a.password} = $3, {a.updatedAt} = $4 where {a.userId} = $1 and {a.providerId} = '" +
			CredentialProvider + "' and {a.accountId} = $1::text and {a.password} = $2"),
		accountsOf:    names("select " + a.list("") + " from " + a.table + " where {a.userId} = any($1::text[]::" + idLists[l.set.IDs] + ") order by {a.createdAt}, {a.id}"),
		accountsNamed: names("select " + a.list("") + " from " + a.table + " where ({a.providerId}, {a.accountId}) in (select * from unnest($1::text[], $2::text[]))"),
		accountOf:     names("select " + a.list("") + " from " + a.table + " where {a.id} = $1 and {a.userId} = $2"),
		renewTokens: names("update " + a.table + " set {a.accessToken} = $4, {a.accessTokenExpiresAt} = coalesce($5, {a.accessTokenExpiresAt}), " +
			"{a.refreshToken} = coalesce($6, {a.refreshToken}), {a.refreshTokenExpiresAt} = coalesce($7, {a.refreshTokenExpiresAt}), " +
			"{a.idToken} = coalesce($8, {a.idToken}), {a.updatedAt} = $9 " +
			"where {a.id} = $1 and {a.userId} = $2 and {a.refreshToken} = $3 returning " + a.list("")),
		countTokens:   "select " + tokenTag + ", count(*) from " + tokens + " where " + sealedForm + " group by 1 order by 1",
		sampleTokens:  "select token from " + tokens + " where " + sealedForm + " and " + tokenTag + " = $1 limit $2",
		accountsByKey: names("select " + a.list("") + " from " + a.table + " where {a.providerId} = $1 and {a.accountId} = $2 limit 2"),
		deleteAccount: names("delete from " + a.table + " where {a.id} = $1 and {a.userId} = $2"),
		// The id is compared as text, because a client may send any text for it.
		unlinkAccount: names("with mine as (select {a.id} as id from " + a.table + " where {a.userId} = $1 order by {a.id} for update), " +
			"changed as (delete from " + a.table + " a using mine where a.{a.id} = mine.id and mine.id::text = $2 " +
			"and ($3 or (select count(*) from mine) > 1) returning a.{a.id}, a.{a.userId}, a.{a.providerId})"),
		unlinkCounts:       " select (select count(*) from mine), (select count(*) from changed)",
		deleteUserAccounts: names("delete from " + a.table + " where {a.userId} = $1"),

		verification:          names("select " + v.list("") + " from " + v.table + " where {v.identifier} = $1 order by {v.createdAt} desc limit 1"),
		consumeVerification:   names("delete from " + v.table + " where {v.identifier} = $1 and {v.expiresAt} > $2 returning " + v.list("")),
		consumeVerificationOf: names("delete from " + v.table + " where {v.identifier} = $1 and {v.value} = $2 and {v.expiresAt} > $3"),
		deleteVerificationsOf: names("delete from " + v.table + " where {v.value} = $1"),
		// The identifier's beginning is no pattern.
		deleteVerificationsFor: names("delete from " + v.table + " where {v.value} = $1 and left({v.identifier}, length($2)) = $2"),
		countTry: names("with newest as (select {v.id} as id from " + v.table + " where {v.identifier} = $1 order by {v.createdAt} desc limit 1), " +
			"older as (delete from " + v.table + " where {v.identifier} = $1 and {v.id} not in (select id from newest)) " +
			"update " + v.table + " set {v.value} = left({v.value}, -length(" + tries + ")) || (" + tries + "::int + 1), {v.createdAt} = $2, {v.updatedAt} = $2 " +
			"where {v.id} = (select id from newest) and {v.expiresAt} > $2 and case when {v.value} ~ '^(.*:)?[0-9]+$' and length(" + tries + ") < 10 then " + tries + "::int < $3 else false end " +
			"returning " + v.list("")),

		holdPassword: names("select from "+a.table+" where {a.userId} = $1 and {a.providerId} = '"+CredentialProvider+
			"' and {a.accountId} = $1::text and {a.password} = $2") + hosted + " for share",
	}
}

// tries is the number at the end of a one-time value that counts them.
const tries = "substring({v.value} from '[0-9]+$')"

func replaceNames(text string, tables map[string]*layout) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		table, field, _ := strings.Cut(name, ".")
		b.WriteString(tables[table].column(field))
		text = after
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// quote writes an SQL identifier.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
