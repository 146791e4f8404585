package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// counter counts the statements that go to Postgres.
type counter struct{ n atomic.Int64 }

// TraceQueryStart counts one.
func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

// TraceQueryEnd does nothing.
func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestASessionIsReadInOneStatement(t *testing.T) {
	t.Parallel()
	var o store.Options
	fill(t, &o)
	seen := &counter{}
	s, err := store.OpenTraced(t.Context(), o, seen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	addUser(t, s, "u")
	addSession(t, s, "u", "token", time.Hour)
	for range 3 {
		before := seen.n.Load()
		session, user, err := s.SessionByToken(t.Context(), "token")
		if err != nil || session.ID != "token" || user.ID != "u" || !session.ExpiresAt.Equal(noon.Add(time.Hour)) {
			t.Fatalf("session %+v, user %+v, error %v", session, user, err)
		}
		if n := seen.n.Load() - before; n != 1 {
			t.Errorf("%d statements", n)
		}
	}
	if n := preparedBy(t, s); n == 0 {
		t.Error("the statement is not prepared")
	}
}

// preparedBy counts prepared statements over the session table on a connection
// of the store's.
func preparedBy(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	err := s.Pool().QueryRow(t.Context(), `select count(*) from pg_prepared_statements where statement like '%"session"%join%'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The connection settings of a transaction pooler must reach the driver.
func TestTheExecModeOfTheURLIsRespected(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"cache_describe", "exec", "simple_protocol"} {
		var o store.Options
		fill(t, &o)
		o.URL = withParameter(t, o.URL, "default_query_exec_mode", mode)
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		addUser(t, s, "u")
		addSession(t, s, "u", "token", time.Hour)
		if _, _, err := s.SessionByToken(t.Context(), "token"); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		if n := preparedBy(t, s); n != 0 {
			t.Errorf("%s: %d prepared statements", mode, n)
		}
		s.Close()
	}
}

func TestRefreshRace(t *testing.T) {
	t.Parallel()
	var o store.Options
	fill(t, &o)
	s := reopen(t, o)
	addUser(t, s, "u")
	addSession(t, s, "u", "token", time.Hour)
	run(t, o.URL, `create table changes (n int);
		create function note() returns trigger language plpgsql as $$ begin insert into changes values (1); return new; end $$;
		create trigger note after update on "session" for each row execute function note()`)
	var group sync.WaitGroup
	ends := make([]time.Time, 50)
	for i := range ends {
		group.Go(func() {
			until := noon.Add(24*time.Hour + time.Duration(i)*time.Second)
			row, err := s.RefreshSession(t.Context(), "token", noon.Add(time.Hour), until, noon)
			if err != nil {
				t.Error(err)
				return
			}
			ends[i] = row.ExpiresAt
		})
	}
	group.Wait()
	for _, end := range ends {
		if !end.Equal(ends[0]) || end.Before(noon.Add(24*time.Hour)) {
			t.Errorf("one request saw %v, another %v", end, ends[0])
		}
	}
	var changes int
	if err := connect(t, o.URL).QueryRow(t.Context(), "select count(*) from changes").Scan(&changes); err != nil || changes != 1 {
		t.Errorf("%d row changes, error %v", changes, err)
	}
}

// reopen opens a store on a database that is there.
func reopen(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestRefreshOfAGoneSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	if _, err := s.RefreshSession(t.Context(), "none", noon, noon, noon); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestASessionGoesWithItsUser(t *testing.T) {
	t.Parallel()
	var o store.Options
	fill(t, &o)
	s := reopen(t, o)
	addUser(t, s, "u")
	addSession(t, s, "u", "token", time.Hour)
	run(t, o.URL, `delete from "user"`)
	if _, _, err := s.SessionByToken(t.Context(), "token"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestListSessions(t *testing.T) {
	t.Parallel()
	s := open(t)
	addUser(t, s, "u")
	addUser(t, s, "v")
	addSession(t, s, "v", "foreign", time.Hour)
	addSession(t, s, "u", "expired", -time.Second)
	addSession(t, s, "u", "ends now", 0)
	for i := range 5 {
		addSession(t, s, "u", fmt.Sprint("active", i), time.Hour)
	}
	for limit, want := range map[int]int{100: 5, 3: 3} {
		rows, err := s.ListSessions(t.Context(), "u", noon, limit)
		if err != nil || len(rows) != want {
			t.Errorf("limit %d: %d rows, error %v", limit, len(rows), err)
		}
		for i, row := range rows {
			if row.Token != fmt.Sprint("active", i) {
				t.Errorf("limit %d: %q is in place %d", limit, row.Token, i)
			}
		}
	}
}

func TestDeletingSessions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(context.Context, *store.Store) (any, error)
		says any
		left string
	}{
		"by token":      {func(ctx context.Context, s *store.Store) (any, error) { return s.DeleteSession(ctx, "a") }, true, "bcx"},
		"unknown token": {func(ctx context.Context, s *store.Store) (any, error) { return s.DeleteSession(ctx, "z") }, false, "abcx"},
		"one's own":     {func(ctx context.Context, s *store.Store) (any, error) { return s.DeleteSessionOf(ctx, "u", "a") }, true, "bcx"},
		"another's":     {func(ctx context.Context, s *store.Store) (any, error) { return s.DeleteSessionOf(ctx, "u", "x") }, false, "abcx"},
		"all":           {func(ctx context.Context, s *store.Store) (any, error) { return s.DeleteUserSessions(ctx, "u") }, int64(3), "x"},
		"others": {func(ctx context.Context, s *store.Store) (any, error) {
			return s.DeleteOtherSessions(ctx, "u", "a", noon)
		}, int64(1), "acx"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			addUser(t, s, "u")
			addUser(t, s, "v")
			addSession(t, s, "u", "a", time.Hour)
			addSession(t, s, "u", "b", time.Hour)
			addSession(t, s, "u", "c", -time.Hour) // an expired one is left to the sweeper
			addSession(t, s, "v", "x", time.Hour)
			says, err := test.do(t.Context(), s)
			if err != nil || says != test.says {
				t.Errorf("said %v, %v", says, err)
			}
			var left string
			err = s.Pool().QueryRow(t.Context(), `select string_agg(token, '' order by token) from "session"`).Scan(&left)
			if err != nil || left != test.left {
				t.Errorf("left %q, want %q (%v)", left, test.left, err)
			}
		})
	}
}

func TestRefreshOfAnUnstorableTokenFindsNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, key := range []string{"a\x00b", "\xff\xfe"} {
		if _, err := s.RefreshSession(t.Context(), key, noon, noon, noon); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("refresh %q: %v", key, err)
		}
	}
}
