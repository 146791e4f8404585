package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Listing says which users a list has, in which order, and which part of it is
// wanted. The names in it may come from a client: they are looked up among the
// fields, by their own names or those of their columns.
type Listing struct {
	// Conditions must all be met.
	Conditions []Condition
	// SortBy is the field that the list is sorted by; empty is the order in which
	// the users came, upwards. Users alike in it are in the order of their ids, so that a
	// list read page by page has each of them once.
	SortBy     string
	Descending bool
	// Limit is the length of the page, and Offset how many users are before it.
	Limit, Offset int64
}

// ListUsers gives a page of a list and the length of the whole list. ErrRejected
// says that there is no such list: a field that does not exist, a value or an
// operator that its type does not have, a page that does not count upwards.
func (s *Store) ListUsers(ctx context.Context, list Listing) (page []*User, total int64, err error) {
	q, err := s.layout.listing(&list)
	if err != nil {
		return nil, 0, err
	}
	if page, err = s.page(ctx, q, list); err != nil {
		return nil, 0, unanswerable(err)
	}
	// The end of the list is in sight: nobody has to count.
	if n := int64(len(page)); n < list.Limit && (n > 0 || list.Offset == 0) {
		return page, list.Offset + n, nil
	}
	err = s.run.QueryRow(ctx, q.count, s.planned(q.args)...).Scan(&total)
	return page, total, unanswerable(err)
}

func (s *Store) page(ctx context.Context, q *listing, list Listing) ([]*User, error) {
	rows, err := s.run.Query(ctx, q.page, s.planned(slices.Concat(q.args, []any{list.Limit, list.Offset}))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []*User
	for rows.Next() {
		u := &User{}
		if err := rows.Scan(s.layout.user.targets(u)...); err != nil {
			return nil, err
		}
		page = append(page, u)
	}
	return page, rows.Err()
}

// planned makes Postgres plan a statement for its parameters. Prepared, it would
// soon be run by a plan for pages of any length, which reads the whole table.
func (s *Store) planned(args []any) []any {
	if s.prepares {
		return append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	return args
}

// listing is a Listing as statements.
type listing struct {
	page, count string
	args        []any
}

func (l *layouts) listing(list *Listing) (*listing, error) {
	u := &l.user
	q := &listing{}
	where := ""
	for _, c := range list.Conditions {
		text, args, err := l.condition(c, len(q.args))
		if err != nil {
			return nil, err
		}
		where += text
		q.args = append(q.args, args...)
	}
	where = strings.Replace(where, " and ", " where ", 1)
	sort, key, err := u.order(list)
	if err != nil {
		return nil, err
	}
	n := len(q.args)
	// The page is found by its keys alone, which an index may hold; the rows
	// before it are never read.
	q.page = "select " + u.list("u.") + " from " + u.table + " u join (select " + key + " as key from " + u.table + " u" + where +
		" order by " + sort + " limit $" + itoa(n+1) + " offset $" + itoa(n+2) + ") page on page.key = " + key + " order by " + sort
	q.count = "select count(*) from " + u.table + " u" + where
	return q, nil
}

// order gives what to sort by, and the column by which a row of the page is
// found again.
func (l *layout) order(list *Listing) (sort, key string, err error) {
	id := "u." + l.column("id")
	name, unique := "createdAt", false
	if list.SortBy != "" {
		var f *schema.Field
		if name, f, err = l.find(list.SortBy); err != nil {
			return "", "", err
		}
		unique = name == "id" || f.Unique && f.Required
	}
	column, direction := "u."+l.column(name), ""
	if list.SortBy != "" && list.Descending {
		direction = " desc"
	}
	if unique {
		return column + direction, column, nil
	}
	return column + direction + ", " + id + direction, id, nil
}

// find looks a field up as a client names it: by its name, or by that of its
// column. The field of the id is nil. A field that clients never see is none: what
// is found or sorted by it would tell what it holds.
func (l *layout) find(name string) (string, *schema.Field, error) {
	if name == "id" || name == "_id" {
		return "id", nil, nil
	}
	f := l.fields.Field(name)
	for i := 0; f == nil && i < len(l.fields.Fields); i++ {
		if l.fields.Fields[i].ColumnName() == name {
			f = &l.fields.Fields[i]
		}
	}
	if f == nil || f.NotReturned {
		return "", nil, unlistable("there is no field of that name")
	}
	return f.Name, f, nil
}

func unlistable(why string) error { return errors.Join(ErrRejected, errors.New(why)) }

// unanswerable makes ErrRejected of what Postgres says of a comparison that a
// type does not have.
func unanswerable(err error) error {
	pg := new(pgconn.PgError)
	if errors.As(err, &pg) && (pg.Code == undefinedFunction || pg.Code == datatypeMismatch) {
		return errors.Join(ErrRejected, err)
	}
	return err
}
