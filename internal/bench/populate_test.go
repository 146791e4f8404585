package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// loaded gives a server whose database has 40 users and 200 sessions, and some of
// the people that are signed in.
func loaded(t *testing.T, yaml string, options ...authtest.Option) (*authtest.Server, []person) {
	t.Helper()
	options = append(options, authtest.RealHashes(), authtest.Environment("BETTER_AUTH_SECRET="+secret))
	s := authtest.New(t, yaml, options...)
	if err := (volume{users: 40, sessions: 200}).load(t.Context(), s.Database); err != nil {
		t.Fatal(err)
	}
	people, err := findPeople(t.Context(), s.Database, 5)
	if err != nil || len(people) != 5 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	return s, people
}

func TestLoadedPeopleAreSignedIn(t *testing.T) {
	s, people := loaded(t, authtest.Starter)
	for _, p := range people {
		c := s.Client()
		c.Header.Set("Cookie", p.cookie)
		if answer := c.Get("/get-session"); !strings.Contains(answer.Text, p.email) || len(answer.Header["Set-Cookie"]) > 0 {
			t.Errorf("session of %s: %s, renewed by %q", p.email, answer.Text, answer.Header["Set-Cookie"])
		}
	}
	if answer := s.Client().Post("/sign-in/email", signIn(people[0]).body); answer.Status != 200 {
		t.Errorf("sign-in: %d %s", answer.Status, answer.Text)
	}
}

func TestLoadedRowsLookLikeTheOriginals(t *testing.T) {
	s, _ := loaded(t, authtest.Starter)
	for table, rows := range map[string]int{`"user"`: 40, "account": 40, "session": 200} {
		if got := s.Count("select count(*) from " + table); got != rows {
			t.Errorf("%d rows in %s, want %d", got, table, rows)
		}
	}
	if got := s.Count(`select count(distinct "userId") from session`); got != 40 {
		t.Errorf("%d users have a session, want all 40", got)
	}
	if got := s.Count(`select count(*) from pg_stats where tablename = 'session' and attname = 'token'`); got != 1 {
		t.Error("the planner knows nothing of the sessions")
	}
	if got := s.Count(`select count(distinct "expiresAt") from session`); got < 190 {
		t.Errorf("sessions were made at %d moments", got)
	}
	if plain := s.Count(`select count(*) from session where token ~ '^[A-Za-z0-9]{32}$' and id ~ '^[A-Za-z0-9]{32}$'`); plain != 200 {
		t.Errorf("%d sessions have 32 letters as id and token, want 200", plain)
	}
}

func TestLoadingKeepsIndexesAndConstraints(t *testing.T) {
	made := authtest.New(t, authtest.Starter)
	s, _ := loaded(t, authtest.Starter)
	want, got := definitions(t, made.Database), definitions(t, s.Database)
	if len(want) < 8 || strings.Join(want, "\n") != strings.Join(got, "\n") {
		t.Errorf("before:\n%s\nafter:\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
}

// definitions are how the indexes and constraints of a database are made.
func definitions(t *testing.T, url string) (all []string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), "select again from ("+indexes+") as all_of_them order by again")
	if err == nil {
		all, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNobodySignedInIsAnError(t *testing.T) {
	s := authtest.New(t, authtest.Starter)
	if _, err := findPeople(t.Context(), s.Database, 5); err == nil || !strings.Contains(err.Error(), "-sessions") {
		t.Errorf("error %v", err)
	}
}

func TestADatabaseIsCopiedWithItsRows(t *testing.T) {
	s := authtest.New(t, authtest.Starter)
	d := &databases{admin: s.Database}
	t.Cleanup(d.close)
	if text, err := d.describe(t.Context()); err != nil || !regexp.MustCompile(`^Postgres [\d.]+.*: fsync o.+, shared_buffers \w+, synchronous_commit \w+$`).MatchString(text) {
		t.Errorf("it is described as %q, %v", text, err)
	}
	url, err := d.create(t.Context(), "first")
	if err != nil {
		t.Fatal(err)
	}
	run := func(url, sql string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err == nil {
			_, err = conn.Exec(t.Context(), sql)
			_ = conn.Close(t.Context())
		}
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	run(url, "create table word as select 1")
	second, err := d.copy(t.Context(), "second", "first")
	if err != nil {
		t.Fatal(err)
	}
	run(second, "insert into word select 2")
	if !regexp.MustCompile(`^.*/bench_\d+_second\b`).MatchString(second) {
		t.Errorf("the copy is %s", second)
	}
}

func TestAVisitKeepsTheCookieCache(t *testing.T) {
	s, people := loaded(t, authtest.Starter+"session: {cookieCache: {enabled: true}}\n")
	if err := visit(t.Context(), strings.TrimPrefix(s.URL, "http://"), people); err != nil {
		t.Fatal(err)
	}
	s.Exec(`delete from session`)
	for _, p := range people {
		c := s.Client()
		c.Header.Set("Cookie", p.cookie)
		if answer := c.Get("/get-session"); !strings.Contains(answer.Text, p.email) {
			t.Errorf("session of %s: %s", p.email, answer.Text)
		}
	}
}
