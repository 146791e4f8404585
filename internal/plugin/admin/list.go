package admin

import (
	"context"
	"errors"
	"math"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// longestPage bounds what one answer takes of the memory, in users.
const longestPage = 10_000

var errPageTooLong = api.NewError(http.StatusBadRequest, "VALIDATION_ERROR",
	"[query.limit] Too big: at most 10000 users are listed at a time")

type listUsersInput struct {
	SearchValue    *string    `json:"searchValue" check:"own" doc:"What to search for; an empty text searches for nothing."`
	SearchField    *string    `json:"searchField" enum:"email,name" doc:"Where to search; default is email."`
	SearchOperator *string    `json:"searchOperator" enum:"contains,starts_with,ends_with" doc:"How to search; default is contains."`
	Limit          *string    `json:"limit" check:"union" doc:"How many users to list; default is 100."`
	Offset         *string    `json:"offset" check:"union" doc:"How many users to pass over."`
	SortBy         *string    `json:"sortBy" check:"own" doc:"The field to sort by; default is the order in which users came."`
	SortDirection  *string    `json:"sortDirection" enum:"asc,desc" doc:"Default is asc."`
	FilterField    *string    `json:"filterField" check:"own" doc:"The field to filter by; default is email."`
	FilterValue    *api.Texts `json:"filterValue" check:"own" doc:"What to compare it with; repeated, it is a list."`
	FilterOperator *string    `json:"filterOperator" enum:"eq,ne,lt,lte,gt,gte,in,not_in,contains,starts_with,ends_with" doc:"How to compare; default is eq."`
}

// usersOutput documents the answer of listUsers.
type usersOutput struct {
	Users  []api.Object `json:"users" model:"user"`
	Total  int64        `json:"total"`
	Limit  *float64     `json:"limit,omitempty" doc:"As asked for."`
	Offset *float64     `json:"offset,omitempty" doc:"As asked for."`
}

// listUsers lists users. Where there is no such list, as of a field that does not
// exist, the answer is an empty one without the limit and the offset.
func (a *Admin) listUsers(ctx context.Context, c *api.Call, in listUsersInput) (usersOutput, error) {
	if err := a.require(c, "user", "list"); err != nil {
		return usersOutput{}, err
	}
	limit, offset := numberOf(in.Limit), numberOf(in.Offset)
	page, total, err := a.page(ctx, in, limit, offset)
	switch {
	case errors.Is(err, store.ErrRejected):
		return usersOutput{Users: []api.Object{}}, nil
	case err != nil:
		return usersOutput{}, err
	}
	out := usersOutput{Users: make([]api.Object, len(page)), Total: total, Limit: limit, Offset: offset}
	for i, u := range page {
		out.Users[i] = a.auth.UserOutput(u)
	}
	return out, nil
}

func (a *Admin) page(ctx context.Context, in listUsersInput, limit, offset *float64) ([]*store.User, int64, error) {
	list := store.Listing{Conditions: in.conditions(), SortBy: textOf(in.SortBy), Descending: textOf(in.SortDirection) == "desc"}
	var ok bool
	if list.Limit, ok = whole(limit, a.auth.Config.Advanced.Database.DefaultFindManyLimit); !ok {
		return nil, 0, store.ErrRejected
	}
	if list.Offset, ok = whole(offset, 0); !ok {
		return nil, 0, store.ErrRejected
	}
	list.Limit = min(list.Limit, longestPage+1)
	page, total, err := a.auth.Store.ListUsers(ctx, list)
	if len(page) > longestPage {
		return nil, 0, errPageTooLong
	}
	return page, total, err
}

// conditions are what users have to meet.
func (in *listUsersInput) conditions() []store.Condition {
	var all []store.Condition
	if value := textOf(in.SearchValue); value != "" {
		all = append(all, store.Condition{
			Field: or(in.SearchField, "email"), Operator: store.Operator(or(in.SearchOperator, "contains")), Values: []string{value},
		})
	}
	if in.FilterValue != nil {
		all = append(all, store.Condition{
			Field: or(in.FilterField, "email"), Operator: store.Operator(or(in.FilterOperator, "eq")),
			Values: in.FilterValue.Values, List: in.FilterValue.List,
		})
	}
	return all
}

// numberOf reads a number as the original does; nil stands for what is none, and
// for 0.
func numberOf(text *string) *float64 {
	n := schema.ParseNumber(textOf(text))
	if n == 0 || math.IsNaN(n) {
		return nil
	}
	return &n
}

// whole gives a number of rows, which is other where none is given. Postgres
// counts no others.
func whole(n *float64, other int) (int64, bool) {
	if n == nil {
		return int64(other), true
	}
	return int64(*n), *n > 0 && *n < math.MaxInt64 && *n == math.Trunc(*n)
}

func textOf(text *string) string { return or(text, "") }

// or gives a text, or another one where it is missing or empty.
func or(text *string, other string) string {
	if text == nil || *text == "" {
		return other
	}
	return *text
}
