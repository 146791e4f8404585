package migrate_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// migrated gives the options of a database that is up to date, and then changed.
func migrated(t *testing.T, changes string) migrate.Options {
	t.Helper()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, changes)
	return o
}

// lines are remarks as migrate plan prints them.
func lines(remarks []migrate.Remark) []string {
	var out []string
	for _, r := range remarks {
		level := "warning: "
		if r.Refused {
			level = "refused: "
		}
		out = append(out, level+r.String())
	}
	return out
}

func TestADatabaseAsItShouldBeNeedsNoRemark(t *testing.T) {
	t.Parallel()
	o := migrated(t, `insert into "user" (id, name, email, "emailVerified") values ('u', '', 'u@x.test', false);
		insert into account (id, "userId", "accountId", "providerId", password, "updatedAt")
		values ('a', 'u', 'u', 'credential', repeat('0', 32) || ':' || repeat('f', 128), now()), ('g', 'u', '1', 'github', null, now())`)
	if report, err := migrate.Inspect(t.Context(), o); err != nil || len(report.Remarks)+len(report.Steps) > 0 {
		t.Errorf("%v, %v, %v", lines(report.Remarks), report.Steps, err)
	}
}

// What works in spite of a difference is told with what follows from it.
func TestEveryDifferenceIsTold(t *testing.T) {
	t.Parallel()
	o := migrated(t, `
		create type provider as enum ('credential', 'github');
		alter table "user" alter "createdAt" type timestamp, alter "updatedAt" type timestamp(3), alter image drop default, alter image type varchar(255);
		alter table session drop constraint session_token_key, drop constraint "session_userId_fkey";
		drop index "session_userId_idx";
		alter table account alter "providerId" type provider using "providerId"::provider, alter "createdAt" drop not null;
		create table "twoFactor" (id text primary key, "userId" text not null references "user" on delete restrict, secret text not null);
		create index on "twoFactor" ("userId"); create index on "twoFactor" (secret, "userId");
		insert into "user" (id, name, email, "emailVerified") values ('u', '', 'U@x.test', false), ('v', '', 'u@x.test', false);
		insert into account (id, "userId", "accountId", "providerId", password, "updatedAt") values ('a', 'u', 'u', 'credential', '$2b$12$', now())`)
	o.Set = schema.MustNewSet(schema.Core, []schema.Table{{Model: "twoFactor", Fields: []schema.Field{
		{Name: "secret", Type: schema.String, Required: true, Index: true},
		{Name: "userId", Type: schema.String, Required: true, Index: true, References: &schema.Reference{Model: "user", Field: "id", OnDelete: "cascade"}},
	}}})
	report, err := migrate.Inspect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	beginnings := []string{
		"warning: user.image: character varying(255). A longer text is refused",
		"warning: user.createdAt, user.updatedAt: timestamp without time zone. Times are written and read there in UTC",
		"warning: 1 users have capitals in the address, by which neither Better Auth nor this server finds them: update",
		"warning: 1 users have the address of another, but for capitals",
		"warning: column session.token has no index, so that every request with a session walks through the table: create unique index",
		"warning: column session.userId has no index, so its rows are found by walking through the table: create index",
		"warning: column session.userId is no foreign key: what belongs to a row of user",
		"warning: account.providerId: the enum provider (credential, github). Another text is refused",
		"warning: column account.createdAt allows NULL",
		"warning: 1 passwords are not of Better Auth's own form",
		"warning: the foreign key twoFactor.userId says on delete restrict, not cascade: a row of user that has any of these cannot be deleted",
	}
	got := lines(report.Remarks)
	for i := range max(len(got), len(beginnings)) {
		if i >= len(got) || i >= len(beginnings) || !strings.HasPrefix(got[i], beginnings[i]) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(beginnings, "\n"))
		}
	}
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Errorf("with nothing but warnings: %v", err)
	}
}

// What cannot be carried is refused, and where the refusal tells a statement, that
// is enough.
func TestWhatIsRefusedIsMendedAsTold(t *testing.T) {
	t.Parallel()
	o := migrated(t, `
		alter table "user" drop constraint user_email_key, alter name drop not null;
		alter table session drop constraint session_pkey, alter token type varchar(20), alter "ipAddress" set not null;
		alter table verification alter value type varchar(36);
		alter table account drop column scope, add column scope text generated always as ('all') stored;
		insert into "user" (id, email, "emailVerified") values ('u', 'u@x.test', false)`)
	report, err := migrate.Inspect(t.Context(), o)
	if err == nil {
		t.Fatal("it is taken")
	}
	run(t, o.URL, `update "user" set name = ''; alter table "user" alter name set not null`)
	var refused, mended int
	for _, r := range report.Remarks {
		if !r.Refused {
			continue
		}
		refused++
		if at := max(strings.LastIndex(r.Text, "alter table "), strings.LastIndex(r.Text, "create unique index ")); at > 0 {
			mend := r.Text[at:]
			if r.Text[at-1] == '(' {
				mend = strings.TrimSuffix(mend, ")")
			}
			run(t, o.URL, mend)
			mended++
		}
	}
	if refused != 7 || mended != 6 {
		t.Errorf("%d refused, %d of them with a statement:\n%s", refused, mended, strings.Join(lines(report.Remarks), "\n"))
	}
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// Each of these is refused by a text that names it.
func TestWhatCannotBeCarriedIsRefused(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		`alter table session alter "expiresAt" type date`: `column session.expiresAt is date, and must be timestamptz`,
		`alter table session drop constraint "session_userId_fkey", alter "userId" type uuid using null, alter "userId" drop not null`: `column session.userId is uuid, and must be text`,
		`drop table jwks; create view jwks as select 1`: `jwks is a view, and must be a table`,
		`alter table account drop constraint "account_userId_fkey"; create table people (id text primary key);
			alter table account add foreign key ("userId") references people`: `column account.userId is a foreign key to table people, and must lead to user`,
		// Beside the right one, which comes first by its name.
		`create table "group" (id text primary key);
			alter table session add constraint zz foreign key ("userId") references "group"`: `column session.userId is a foreign key to table group, and must lead to user`,
		`drop table jwks; create table jwks (id uuid primary key, "publicKey" text not null, "privateKey" text not null, "createdAt" timestamptz not null)`: `column jwks.id is uuid, which does not hold the ids of this configuration: set advanced.database.generateId to uuid`,
	} {
		o := migrated(t, change)
		if _, err := migrate.Plan(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change, err)
		}
	}
}

// An index on the lower case keeps addresses apart, which are stored so. They are looked
// for as they are, and it does not help there.
func TestAddressesMayBeUniqueInLowerCase(t *testing.T) {
	t.Parallel()
	o := migrated(t, `alter table "user" drop constraint user_email_key; create unique index on "user" (lower(email))`)
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
	report, err := migrate.Inspect(t.Context(), o)
	if told := lines(report.Remarks); err != nil || len(told) != 1 || !strings.HasPrefix(told[0], "warning: column user.email has an index on its lower case alone") {
		t.Errorf("%q, %v", told, err)
	}
	run(t, o.URL, `drop index user_lower_idx; create unique index on "user" (lower(email)) where email like '%.test'`)
	if err := migrate.Check(t.Context(), o); err == nil {
		t.Error("an index of some addresses keeps all apart")
	}
}

// A start counts what somebody may want to mend. Times without a zone, which most
// who come from an ORM have, are none of that.
func TestAStartTellsOfDoubtsOnly(t *testing.T) {
	t.Parallel()
	o := migrated(t, `alter table session alter "createdAt" type timestamp`)
	var said strings.Builder
	o.Log = slog.New(slog.NewTextHandler(&said, nil))
	if err := migrate.Check(t.Context(), o); err != nil || said.Len() > 0 {
		t.Errorf("%v, %s", err, said.String())
	}
	run(t, o.URL, `drop index "session_userId_idx"`)
	if err := migrate.Check(t.Context(), o); err != nil || !strings.Contains(said.String(), "differences=1") {
		t.Errorf("%v, %s", err, said.String())
	}
}
