package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

var sessionsEnd = schema.Expiry{Model: "session", Field: "expiresAt"}

// sweep deletes what ended before noon, and gives how much that was in how many
// batches.
func sweep(t *testing.T, rows *store.Expiring, limit int) (deleted int64, batches int) {
	t.Helper()
	if err := rows.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	for more := true; more; batches++ {
		n, again, err := rows.Next(t.Context(), noon, limit)
		if err != nil {
			t.Fatal(err)
		}
		deleted, more = deleted+n, again
	}
	return deleted, batches
}

// Half of 50 sessions have ended, in pages of 10. With the index a batch is so many ended
// rows, without it those of a page.
func TestExpiredRowsGoInBatches(t *testing.T) {
	t.Parallel()
	renamed := []schema.Table{{Model: "session", Name: "order", Fields: []schema.Field{{Name: "expiresAt", Column: `en"d`}}}}
	for name, o := range map[string]struct {
		schema, insertID, index string
		ids                     schema.IDType
		further                 [][]schema.Table
		batches                 int
	}{
		"by index":        {"", "i::text", `create index on "session" ("expiresAt")`, schema.TextIDs, nil, 3},
		"by window":       {"", "i::text", "", schema.TextIDs, nil, 5},
		"uuid ids":        {"", "gen_random_uuid()", "", schema.UUIDs, nil, 5},
		"serial ids":      {"", "i", "", schema.SerialIDs, nil, 5},
		"renamed":         {"Better Auth", "i::text", "", schema.TextIDs, [][]schema.Table{renamed}, 5},
		"renamed, index":  {"Better Auth", "i::text", `create index on "Better Auth"."order" ("en""d")`, schema.TextIDs, [][]schema.Table{renamed}, 3},
		"an unfit index":  {"", "i::text", `create index on "session" using hash ("expiresAt")`, schema.TextIDs, nil, 5},
		"a partial index": {"", "i::text", `create index on "session" ("expiresAt") where "ipAddress" = 'x'`, schema.TextIDs, nil, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			so := store.Options{Schema: o.schema}
			fillIDs(t, &so, o.ids, o.further...)
			table, end := `"session"`, `"expiresAt"`
			if o.further != nil {
				table, end = `"Better Auth"."order"`, `"en""d"`
			}
			users := `"user"`
			if o.schema != "" {
				users = `"Better Auth"."user"`
			}
			run(t, so.URL, fmt.Sprintf(`insert into %s (name, email, "emailVerified" %s) select 'a', 'a@x.test', true %s`, users,
				idColumn(o.ids), idValue(o.ids)))
			run(t, so.URL, fmt.Sprintf(`insert into %s (id, %s, token, "updatedAt", "userAgent", "userId")
				select %s, timestamptz '%s' + (case when i %% 2 = 0 then -1 else 1 end) * interval '1 hour', i::text, now(), repeat('x', 680), (select id from %s)
				from generate_series(1, 50) i; analyze; %s`, table, end, o.insertID, noon.Format(time.RFC3339), users, o.index))
			s, err := store.Open(t.Context(), so)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			deleted, batches := sweep(t, s.Expiring(sessionsEnd), 10)
			if deleted != 25 || batches != o.batches {
				t.Errorf("%d rows in %d batches, want 25 in %d", deleted, batches, o.batches)
			}
			var left int
			err = s.Pool().QueryRow(t.Context(), fmt.Sprintf("select count(*) from %s where %s > $1", table, end), noon).Scan(&left)
			if err != nil || left != 25 {
				t.Errorf("%d live rows are left, error %v", left, err)
			}
			if again, _ := sweep(t, s.Expiring(sessionsEnd), 10); again != 0 {
				t.Errorf("%d rows were deleted again", again)
			}
		})
	}
}

func idColumn(ids schema.IDType) string {
	if ids == schema.TextIDs {
		return ", id"
	}
	return ""
}

func idValue(ids schema.IDType) string {
	if ids == schema.TextIDs {
		return ", 'u'"
	}
	return ""
}

// A page may have more ended rows than a batch takes, such as one that was counted when
// it was nearly empty: it is gone on with until there are fewer.
func TestAFullPageGoesInSeveralBatches(t *testing.T) {
	t.Parallel()
	s := open(t)
	addUser(t, s, "u")
	for i := range 25 {
		addSession(t, s, "u", fmt.Sprint(i), -time.Hour)
	}
	if deleted, batches := sweep(t, s.Expiring(sessionsEnd), 10); deleted != 25 || batches != 3 {
		t.Errorf("%d rows in %d batches", deleted, batches)
	}
}

// Tables in partitions have no pages of their own.
func TestExpiredRowsOfPartitionsGo(t *testing.T) {
	t.Parallel()
	s := open(t)
	run(t, s.Pool().Config().ConnString(), `drop table verification;
		create table verification (id text, identifier text, value text, "expiresAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz) partition by hash (id);
		create table one partition of verification for values with (modulus 2, remainder 0);
		create table two partition of verification for values with (modulus 2, remainder 1);
		insert into verification select i, i, repeat('x', 680), '2026-11-23', now(), now() from generate_series(1, 100) i`)
	if deleted, batches := sweep(t, s.Expiring(schema.Expiry{Model: "verification", Field: "expiresAt"}), 10); deleted != 100 || batches < 10 {
		t.Errorf("%d rows in %d batches", deleted, batches)
	}
}

// A row that somebody holds is left, and nobody waits for it.
func TestHeldRowsAreLeft(t *testing.T) {
	t.Parallel()
	for _, index := range []string{"", `create index on "session" ("expiresAt")`} {
		s := open(t)
		addUser(t, s, "u")
		addSession(t, s, "u", "held", -time.Hour)
		addSession(t, s, "u", "free", -time.Hour)
		run(t, s.Pool().Config().ConnString(), index)
		err := s.InTx(t.Context(), func(tx *store.Store) error {
			if err := tx.Exec(t.Context(), `select from "session" where id = 'held' for update`); err != nil {
				return err
			}
			if n, _ := sweep(t, s.Expiring(sessionsEnd), 10); n != 1 {
				t.Errorf("%d rows went", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestATableThatIsNotThereEndsNothing(t *testing.T) {
	t.Parallel()
	if open(t).Expiring(schema.Expiry{Model: "rateLimit", Field: "lastRequest"}) != nil {
		t.Error("there is a rateLimit")
	}
}

// Times kept as milliseconds count as times.
func TestRowsThatKeepMilliseconds(t *testing.T) {
	t.Parallel()
	limits := []schema.Table{{Model: "rateLimit", Fields: []schema.Field{
		{Name: "key", Type: schema.String, Required: true, Unique: true}, {Name: "lastRequest", Type: schema.BigInt, Required: true},
	}}}
	s := open(t, limits)
	run(t, s.Pool().Config().ConnString(), fmt.Sprintf(`insert into "rateLimit" values ('a', 'a', %d), ('b', 'b', %d)`,
		noon.Add(-time.Millisecond).UnixMilli(), noon.Add(time.Millisecond).UnixMilli()))
	if n, _ := sweep(t, s.Expiring(schema.Expiry{Model: "rateLimit", Field: "lastRequest"}), 10); n != 1 {
		t.Errorf("%d rows went", n)
	}
}
