package store_test

import (
	"fmt"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// Pages of lists are found by an index, however many users there are, and so are the
// totals but for those that are of many users anyway.
func TestPagesOfAListAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	s, conn := crowded(t)
	few := func(field string, operator store.Operator, value string) store.Listing {
		return store.Listing{Conditions: []store.Condition{{Field: field, Operator: operator, Values: []string{value}}}}
	}
	for name, test := range map[string]struct {
		list        store.Listing
		page, count bool // are walks
	}{
		"all users":            {store.Listing{}, false, true},
		"the newest":           {store.Listing{SortBy: "createdAt", Descending: true}, false, true},
		"far on":               {store.Listing{Offset: 4000}, false, true},
		"by address":           {store.Listing{SortBy: "email"}, false, true},
		"by id":                {store.Listing{SortBy: "id"}, false, true},
		"of a role":            {few("role", store.Equal, "admin"), false, false},
		"a part of addresses":  {few("email", store.Contains, "1234"), false, false},
		"addresses that begin": {few("email", store.StartsWith, "1234"), false, false},
		"a part of names":      {few("name", store.Contains, "N1234"), false, false},
		"one address":          {few("email", store.Equal, "1234@x.test"), false, false},
		"by name":              {store.Listing{SortBy: "name"}, true, true},
		"a field without one":  {few("banReason", store.Equal, "spam"), true, true},
		"who is not of a role": {few("role", store.NotEqual, "user"), false, true},
	} {
		page, count, args, err := s.ListStatements(test.list)
		if err != nil {
			t.Fatal(err)
		}
		var values []string
		for _, v := range args {
			values = append(values, "'"+v.(string)+"'")
		}
		for _, part := range []struct {
			name, text string
			values     []string
			walks      bool
		}{
			{"page of " + name, page, append(values, "10", fmt.Sprint(test.list.Offset)), test.page},
			{"count of " + name, count, values, test.count},
		} {
			if _, err := conn.Prepare(t.Context(), part.name, part.text); err != nil {
				t.Fatalf("%s: %v", part.name, err)
			}
			if found := planOf(t, conn, "force_custom_plan", part.name, part.values).walks(false); part.walks != (len(found) > 0) {
				t.Errorf("%s: %v", part.name, found)
			}
		}
	}
}
