package store_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// people are columns of every type that lists compare.
var people = []schema.Table{{Model: "user", Fields: []schema.Field{
	{Name: "role", Type: schema.String, Column: "the role"},
	{Name: "banned", Type: schema.Boolean},
	{Name: "age", Type: schema.Number},
	{Name: "score", Type: schema.BigInt},
	{Name: "tags", Type: schema.JSON},
}}}

// crowd stores five users, a to e, each a day later than the one before.
func crowd(t *testing.T, s *store.Store) {
	t.Helper()
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		u := &store.User{
			ID: name, Name: strings.ToUpper(name) + "_%", Email: name + "@example.test", EmailVerified: i%2 == 0,
			CreatedAt: noon.AddDate(0, 0, i), UpdatedAt: noon,
			Extra: []any{"user", i == 1, strconv.Itoa(10 * i), nil, nil},
		}
		if name == "e" {
			u.Extra = []any{"admin", nil, nil, "9007199254740993", `{"a":1}`}
		}
		if err := s.CreateUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
}

// listed gives the ids of a page, and the total behind them; "none" is a list
// that does not exist.
func listed(t *testing.T, s *store.Store, l store.Listing) string {
	t.Helper()
	page, total, err := s.ListUsers(t.Context(), l)
	if errors.Is(err, store.ErrRejected) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, u := range page {
		ids = append(ids, u.ID)
	}
	return strings.Join(append(ids, strconv.FormatInt(total, 10)), " ")
}

func one(field string, o store.Operator, values ...string) store.Listing {
	return store.Listing{Limit: 100, Conditions: []store.Condition{{Field: field, Operator: o, Values: values, List: len(values) > 1}}}
}

func TestUsersAreListedByConditions(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"cache_statement", "exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			o := store.Options{}
			fill(t, &o, people)
			o.URL = withParameter(t, o.URL, "default_query_exec_mode", mode)
			s := reopen(t, o)
			crowd(t, s)
			for i, test := range []struct {
				list store.Listing
				want string
			}{
				{store.Listing{Limit: 100}, "a b c d e 5"},
				{one("email", store.Equal, "b@example.test"), "b 1"},
				{one("email", store.Equal, "B@example.test"), "0"},
				{one("email", store.NotEqual, "b@example.test"), "a c d e 4"},
				{one("email", store.Equal, "a", "b"), "none"},
				{one("id", store.In, "a", "c", "x"), "a c 2"},
				{one("_id", store.NotIn, "a", "c"), "b d e 3"},
				{one("id", store.In, "a"), "none"},
				{one("id", store.NotIn, "a"), "b c d e 4"},
				{one("name", store.Contains, "_"), "a b c d e 5"},
				{one("name", store.StartsWith, "a"), "0"},
				{one("name", store.StartsWith, "_"), "a b c d e 5"},
				{one("name", store.EndsWith, `\`), "none"},
				{one("email", store.Contains, "a", "b"), "0"},
				{one("the role", store.Equal, "admin"), "e 1"},
				{one("role", store.Equal, ""), "0"},
				{one("banned", store.Equal, "true"), "b 1"},
				{one("banned", store.Equal, "yes"), "a c d 3"},
				{one("banned", store.NotEqual, "true"), "a c d 3"},
				{one("banned", store.In, "yes", "no"), "a b c d 4"},
				{one("banned", store.In, "yes", "maybe"), "none"},
				{one("banned", store.Contains, "t"), "none"},
				{one("age", store.Greater, "10"), "c d 2"},
				{one("age", store.GreaterOrEqual, " 0xA "), "b c d 3"},
				{one("age", store.Less, "1.5"), "none"},
				{one("age", store.LessOrEqual, "1e1"), "a b 2"},
				{one("age", store.Equal, "ten"), "none"},
				{one("age", store.Equal, ""), "none"},
				{one("age", store.In, "10", "20.0"), "b c 2"},
				{one("age", store.In, "10", "x"), "none"},
				{one("score", store.Equal, "9007199254740992"), "0"},
				{one("createdAt", store.Greater, "2026-11-25"), "c d e 3"},
				{one("createdAt", store.Greater, "some day"), "none"},
				{one("createdAt", store.Contains, "2026"), "none"},
				{one("tags", store.Equal, `{"a": 1}`), "e 1"},
				{one("tags", store.Equal, "{"), "none"},
				{one("password", store.Equal, "x"), "none"},
				{one(`email" or true --`, store.Equal, "x"), "none"},
				{one("email", "is", "x"), "none"},
				{one("email", store.Equal, "a\x00"), "none"},
				{store.Listing{Limit: 100, SortBy: "nothing"}, "none"},
				{store.Listing{Limit: -1}, "none"},
				{store.Listing{Limit: 1, Offset: -1}, "none"},
			} {
				if got := listed(t, s, test.list); got != test.want {
					t.Errorf("%d: %+v gives %q, want %q", i, test.list, got, test.want)
				}
			}
		})
	}
}

func TestPagesOfAList(t *testing.T) {
	t.Parallel()
	s := open(t, people)
	crowd(t, s)
	for _, test := range []struct {
		list store.Listing
		want string
	}{
		{store.Listing{Limit: 2}, "a b 5"},
		{store.Listing{Limit: 2, Offset: 2}, "c d 5"},
		{store.Listing{Limit: 2, Offset: 4}, "e 5"},
		{store.Listing{Limit: 2, Offset: 6}, "5"},
		{store.Listing{Limit: 5}, "a b c d e 5"},
		{store.Listing{Limit: 2, SortBy: "email", Descending: true}, "e d 5"},
		{store.Listing{Limit: 9, SortBy: "age"}, "a b c d e 5"},
		{store.Listing{Limit: 9, SortBy: "age", Descending: true}, "e d c b a 5"},
		{store.Listing{Limit: 9, SortBy: "updatedAt"}, "a b c d e 5"},
		{store.Listing{Limit: 9, SortBy: "the role"}, "e a b c d 5"},
		{store.Listing{Limit: 3, SortBy: "id", Descending: true, Offset: 1}, "d c b 5"},
		{store.Listing{Limit: 1, Conditions: []store.Condition{
			{Field: "email", Operator: store.Contains, Values: []string{"example"}},
			{Field: "role", Operator: store.Equal, Values: []string{"user"}},
		}}, "a 4"},
	} {
		if got := listed(t, s, test.list); got != test.want {
			t.Errorf("%+v gives %q, want %q", test.list, got, test.want)
		}
	}
}

// Ids that come as text are compared as the ids are stored.
func TestListsByIDsOfOtherKinds(t *testing.T) {
	t.Parallel()
	for ids, wrong := range map[schema.IDType]string{schema.UUIDs: "none", schema.SerialIDs: "none"} {
		t.Run(string(ids), func(t *testing.T) {
			t.Parallel()
			o := store.Options{}
			fillIDs(t, &o, ids)
			s := reopen(t, o)
			u := &store.User{Name: "a", Email: "a@example.test", CreatedAt: noon, UpdatedAt: noon}
			if ids == schema.UUIDs {
				u.ID = "4a3c2c22-6c3c-4d2c-8f39-8ef0d8b0a5e7"
			}
			if err := s.CreateUser(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			for value, want := range map[string]string{u.ID: u.ID + " 1", strings.ToUpper(u.ID): u.ID + " 1", "x": wrong} {
				if got := listed(t, s, one("id", store.Equal, value)); got != want {
					t.Errorf("%q gives %q, want %q", value, got, want)
				}
			}
			if got := listed(t, s, one("id", store.In, u.ID, u.ID)); got != u.ID+" 1" {
				t.Errorf("a list gives %q", got)
			}
		})
	}
}

func TestAListThatEndsOnItsPageIsNotCounted(t *testing.T) {
	t.Parallel()
	o := store.Options{}
	fill(t, &o, people)
	seen := &counter{}
	s, err := store.OpenTraced(t.Context(), o, seen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	crowd(t, s)
	for limit, want := range map[int64]int64{5: 2, 6: 1} {
		before := seen.n.Load()
		listed(t, s, store.Listing{Limit: limit})
		if got := seen.n.Load() - before; got != want {
			t.Errorf("a page of %d takes %d statements, want %d", limit, got, want)
		}
	}
}
