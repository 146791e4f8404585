package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// auditing gives a store with a log, and what it tells of. The URL gets params.
func auditing(t *testing.T, ids schema.IDType, params string) (*store.Store, *[]string) {
	t.Helper()
	told := &[]string{}
	o := store.Options{
		URL: pgtest.URL(t), Audit: true,
		Noted: func(event, outcome string) { *told = append(*told, event+" "+outcome) },
	}
	fillIDs(t, &o, ids)
	if params != "" {
		sign := "?"
		if strings.Contains(o.URL, "?") {
			sign = "&"
		}
		o.URL += sign + params
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, told
}

// notes counts those of every test, which run beside each other.
var notes atomic.Int64

// note gives a note of an event.
func note(event string) *store.Note {
	return &store.Note{
		ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", notes.Add(1)), At: noon, Event: event, Outcome: "success", Via: "http",
		Address: "192.0.2.1", UserAgent: `quotes ' " and \`,
	}
}

// logged gives the rows of the log in short, oldest first.
func logged(t *testing.T, s *store.Store) []string {
	t.Helper()
	rows, err := s.Pool().Query(t.Context(), `select event || ' by ' || coalesce(actor_id, '-') || ' in ' || coalesce(session_id, '-') ||
		' to ' || coalesce(user_id, '-') || ' ' || details::text from sallyport.audit order by id`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func wantLog(t *testing.T, s *store.Store, told *[]string, want ...string) {
	t.Helper()
	if got := logged(t, s); !slices.Equal(got, want) {
		t.Errorf("the log has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(*told) != len(want) {
		t.Errorf("told of %q, want %d", *told, len(want))
	}
}

// A note comes with what a statement changes, says of it what the rows say, and
// does not come where it changes nothing: in every way in which statements are
// sent, which poolers decide.
func TestNotesComeWithTheirChanges(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "cache_describe", "describe_exec", "exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			params := ""
			if mode != "" {
				params = "default_query_exec_mode=" + mode
			}
			s, told := auditing(t, schema.TextIDs, params)
			ctx := t.Context()
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(s.Noting(note("born")).CreateUser(ctx, &store.User{ID: "u", Name: "u", Email: "u@example.test", CreatedAt: noon, UpdatedAt: noon}))
			_, err := s.Noting(note("renamed").With("fields", []string{"name"})).UpdateUser(ctx, "u", store.Change{Field: "name", Value: "v"})
			must(err)
			_, err = s.Noting(note("renamed")).UpdateUser(ctx, "nobody", store.Change{Field: "name", Value: "v"})
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("an update of nobody: %v", err)
			}
			begin := func(id string) {
				n := note("entered")
				n.Self = true
				must(s.Noting(n).CreateSession(ctx, &store.Session{ID: id, Token: id, UserID: "u", ExpiresAt: noon, CreatedAt: noon, UpdatedAt: noon}))
			}
			begin("a")
			begin("b")
			begin("c")
			leave := note("left")
			leave.Self = true
			for _, want := range []bool{true, false} {
				leave.ID = note("").ID
				if gone, err := s.Noting(leave).DeleteSession(ctx, "a"); err != nil || gone != want {
					t.Errorf("the end of a session: %v, %v", gone, err)
				}
			}
			admin := note("revoked").With("which", "all")
			admin.ActorID = "admin"
			n, err := s.Noting(admin).DeleteUserSessions(ctx, "u")
			if err != nil || n != 2 {
				t.Errorf("%d sessions ended, %v", n, err)
			}
			for _, id := range []string{"x", "y"} {
				must(s.CreateAccount(ctx, &store.Account{ID: id, AccountID: id, ProviderID: "github", UserID: "u", CreatedAt: noon, UpdatedAt: noon}))
			}
			for _, step := range []struct {
				id   string
				want store.Unlinked
			}{{"z", store.NoAccount}, {"x", store.AccountRemoved}, {"y", store.LastAccount}} {
				if got, err := s.Noting(note("unlinked")).UnlinkAccount(ctx, "u", step.id, false); err != nil || got != step.want {
					t.Errorf("unlinking %s: %v, %v", step.id, got, err)
				}
			}
			must(s.Noting(note("asked").About("u")).CreateVerification(ctx, &store.Verification{ID: "v", Identifier: "i", Value: "w", ExpiresAt: noon, CreatedAt: noon, UpdatedAt: noon}))
			must(s.Note(ctx, note("tried")))
			must(s.NoteIf(ctx, false, note("never")))
			must(s.InTx(ctx, func(tx *store.Store) error {
				_, err := tx.Noting(note("died")).DeleteUser(ctx, "u")
				return err
			}))
			wantLog(t, s, told,
				"born by - in - to u {}", `renamed by - in - to u {"fields": ["name"]}`,
				"entered by u in a to u {}", "entered by u in b to u {}", "entered by u in c to u {}",
				"left by u in a to u {}", `revoked by admin in - to u {"which": "all", "sessions": 2}`,
				`unlinked by - in - to u {"account": "x", "provider": "github"}`, "asked by - in - to u {}", "tried by - in - to - {}",
				"died by - in - to u {}")
		})
	}
}

// Ids that the database makes are in the note too.
func TestNotesOfNumberedRows(t *testing.T) {
	t.Parallel()
	s, told := auditing(t, schema.SerialIDs, "")
	u := &store.User{Name: "u", Email: "u@example.test", CreatedAt: noon, UpdatedAt: noon}
	if err := s.Noting(note("born")).CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	entered := note("entered")
	entered.Self = true
	session := &store.Session{Token: "t", UserID: u.ID, ExpiresAt: noon.Add(time.Hour), CreatedAt: noon, UpdatedAt: noon}
	if err := s.Noting(entered).CreateSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	if got, _, err := s.SessionByToken(t.Context(), "t"); err != nil || got.ID != session.ID || u.ID != "1" {
		t.Errorf("stored %+v, %v", got, err)
	}
	wantLog(t, s, told, "born by - in - to 1 {}", "entered by 1 in 1 to 1 {}")
}

// What is rolled back is neither in the log nor told of, be it all of a
// transaction, a part, or a first try.
func TestNotesOfWhatWasRolledBack(t *testing.T) {
	t.Parallel()
	s, told := auditing(t, schema.TextIDs, "")
	oops := errors.New("oops")
	add := func(tx *store.Store, id string) error {
		return tx.Noting(note(id)).CreateUser(t.Context(), &store.User{ID: id, Name: id, Email: id + "@example.test", CreatedAt: noon, UpdatedAt: noon})
	}
	err := s.InTx(t.Context(), func(tx *store.Store) error { return errors.Join(add(tx, "a"), tx.Note(t.Context(), note("a")), oops) })
	if !errors.Is(err, oops) {
		t.Fatal(err)
	}
	tries := 0
	err = s.InTx(t.Context(), func(tx *store.Store) error {
		tries++
		if err := add(tx, "b"); err != nil {
			return err
		}
		if tries == 1 {
			return tx.Exec(t.Context(), "do $$ begin raise exception using errcode = '40001'; end $$")
		}
		for id, keep := range map[string]bool{"c": true, "d": false} {
			if err := tx.Rehearse(t.Context(), keep, func(tx *store.Store) error { return add(tx, id) }); err != nil {
				return err
			}
		}
		if err := tx.Rehearse(t.Context(), true, func(tx *store.Store) error { return errors.Join(add(tx, "e"), oops) }); !errors.Is(err, oops) {
			return fmt.Errorf("a failed part gives %w", err)
		}
		if len(*told) > 0 {
			t.Errorf("told of %q before the end", *told)
		}
		return nil
	})
	if err != nil || tries != 2 {
		t.Fatalf("%d tries, %v", tries, err)
	}
	wantLog(t, s, told, "b by - in - to b {}", "c by - in - to c {}")
}

// Without the log, what would be in it is told of.
func TestNotesWithoutALog(t *testing.T) {
	t.Parallel()
	var told []string
	o := store.Options{Noted: func(event, outcome string) { told = append(told, event+" "+outcome) }}
	s := openWith(t, o)
	if err := s.Noting(note("born")).CreateUser(t.Context(), &store.User{ID: "u", Name: "u", Email: "u@example.test", CreatedAt: noon, UpdatedAt: noon}); err != nil {
		t.Fatal(err)
	}
	_, _ = s.Noting(note("left")).DeleteSession(t.Context(), "none")
	if err := s.Note(t.Context(), note("tried")); err != nil {
		t.Fatal(err)
	}
	if len(logged(t, s)) > 0 || fmt.Sprint(told) != "[born success tried success]" {
		t.Errorf("the log has %q, told of %q", logged(t, s), told)
	}
}

// A note that could not be made keeps the change from happening.
func TestABadNoteFailsItsChange(t *testing.T) {
	t.Parallel()
	s, told := auditing(t, schema.TextIDs, "")
	addUser(t, s, "u")
	bad := map[string]*store.Note{"without chance": {Err: errors.New("no chance")}, "odd details": note("odd").With("f", func() {})}
	for _, name := range slices.Sorted(maps.Keys(bad)) {
		if _, err := s.Noting(bad[name]).UpdateUser(t.Context(), "u", store.Change{Field: "name", Value: "v"}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := s.Note(t.Context(), bad[name]); err == nil {
			t.Errorf("%s: no error by itself", name)
		}
	}
	if u, err := s.UserByID(t.Context(), "u"); err != nil || u.Name != "u" {
		t.Errorf("%+v, %v", u, err)
	}
	wantLog(t, s, told)
}

// A large log is read page by page, whole and in order.
func TestTheLogIsReadInOrder(t *testing.T) {
	t.Parallel()
	s, _ := auditing(t, schema.TextIDs, "")
	_, err := s.Pool().Exec(t.Context(), `insert into sallyport.audit (id, at, event, outcome, via, user_id, details)
		select lpad(i::text, 32, '0')::uuid, now(), 'e' || i % 2, 'success', 'http', 'u' || i % 3, '{}' from generate_series(1, 2500) i`)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		query store.AuditQuery
		want  int
	}{
		{store.AuditQuery{}, 2500},
		{store.AuditQuery{Event: "e1"}, 1250},
		{store.AuditQuery{UserID: "u0"}, 833},
		{store.AuditQuery{UserID: "u0", Event: "e0"}, 416},
		{store.AuditQuery{After: "00000000-0000-0000-0000-000000000500", Before: "00000000-0000-0000-0000-000000001501"}, 1000},
	} {
		last, n := "", 0
		for row, err := range s.Audit(t.Context(), tt.query) {
			if err != nil || row.ID <= last {
				t.Fatalf("%s after %s, %v", row.ID, last, err)
			}
			last, n = row.ID, n+1
		}
		if n != tt.want {
			t.Errorf("%+v gives %d rows, want %d", tt.query, n, tt.want)
		}
	}
}
