package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// record is a row of a shared table. Fields that Go knows by name are reached
// through field; all others, those of plugins and of the operator, are kept in
// order in a list.
type record interface {
	// field gives a pointer to the Go field of a logical name, or nil.
	field(name string) any
	// extra gives the list, made n long.
	extra(n int) []any
}

// layout is how the rows of one table are written and read under the
// configuration: its column lists are made once.
type layout struct {
	model   string
	fields  *schema.Table
	table   string   // quoted
	names   []string // logical names, id first
	columns []string // quoted, in the same order
	// extras are the fields of the list, in its order, and defaults what a row
	// gets in them that has none.
	extras   []*schema.Field
	defaults []any
	insert   insertion
}

// insertion is how a row is written.
type insertion struct {
	// withID names every column, withoutID all but the id, which the database
	// then makes.
	withID, withoutID string
	// echo says that the statements return the row: it may hold what only the
	// database knows.
	echo bool
}

// layouts holds the layout and the statements of each shared table.
type layouts struct {
	set                                  *schema.Set
	user, session, account, verification layout
	// sessionByPassword inserts a session only with the right password.
	newSession, sessionByPassword arrival
	sql                           statements
	userBy                        map[string]userBy
}

func newLayouts(set *schema.Set, own string) *layouts {
	l := &layouts{
		set:          set,
		user:         newLayout(set, "user", &User{}),
		session:      newLayout(set, "session", &Session{}),
		account:      newLayout(set, "account", &Account{}),
		verification: newLayout(set, "verification", &Verification{}),
	}
	l.newSession = l.session.arrival(own, l.session.insert, given, 0)
	if len(l.bars()) > 0 {
		l.newSession = l.session.arrival(own, l.session.insertion(true, l.hosted), l.hosted, 0)
	}
	l.sessionByPassword = l.session.arrival(own, l.session.insertion(true, l.byPassword), l.byPassword, 1)
	l.sql = newStatements(l)
	l.userBy = newUserBy(l)
	return l
}

func newLayout(set *schema.Set, model string, known record) layout {
	t := set.Table(model)
	l := layout{model: model, fields: t, table: quote(t.TableName()), names: []string{"id"}}
	for i := range t.Fields {
		l.names = append(l.names, t.Fields[i].Name)
	}
	for i, column := range t.Columns() {
		l.columns = append(l.columns, quote(column))
		if known.field(l.names[i]) == nil {
			l.addExtra(t.Field(l.names[i]))
		}
	}
	l.insert = l.insertion(set.IDs == schema.SerialIDs || len(l.extras) > 0, given)
	return l
}

// given takes the values of columns from the parameters.
func given(columns []string) string { return "values (" + placeholders(len(columns)) + ")" }

// insertion writes the statements; source gives the values of columns.
func (l *layout) insertion(echo bool, source func(columns []string) string) insertion {
	text := func(columns []string) string {
		return "insert into " + l.table + " (" + strings.Join(columns, ", ") + ") " + source(columns)
	}
	i := insertion{withID: text(l.columns), withoutID: text(l.columns[1:]), echo: echo}
	if i.echo {
		i.withID += " returning " + l.list("")
		i.withoutID += " returning " + l.list("")
	}
	return i
}

func (l *layout) addExtra(f *schema.Field) {
	l.extras, l.defaults = append(l.extras, f), append(l.defaults, f.Encode(f.Default))
}

// column is the quoted name of a field's column.
func (l *layout) column(name string) string { return l.columns[slices.Index(l.names, name)] }

// list is the column list of a select, each behind prefix.
func (l *layout) list(prefix string) string {
	out := make([]string, len(l.columns))
	for i, c := range l.columns {
		out[i] = prefix + c
	}
	return strings.Join(out, ", ")
}

// targets gives where to scan the columns of a row to.
func (l *layout) targets(r record) []any {
	return l.fill(r, func(f *schema.Field, extra *any) any {
		if f.HoldsJSON() {
			return jsonTarget{extra}
		}
		return extra
	})
}

// values gives what to insert for a row, in the order of its columns. pgx
// takes the pointers themselves. A row without a list gets the defaults.
func (l *layout) values(r record) []any {
	if len(l.extras) > 0 && len(r.extra(0)) == 0 {
		copy(r.extra(len(l.extras)), l.defaults)
	}
	return l.fill(r, func(_ *schema.Field, extra *any) any { return *extra })
}

// create inserts a row. What the database has made of it is read back.
func (s *Store) create(ctx context.Context, l *layout, r record) error {
	return s.insert(ctx, l, &l.insert, r)
}

// insert runs an insertion, whose statements may have parameters after those of
// the row.
func (s *Store) insert(ctx context.Context, l *layout, i *insertion, r record, more ...any) error {
	sql, args := i.withID, append(l.values(r), more...)
	if id, ok := r.field("id").(*string); ok && *id == "" {
		sql, args = i.withoutID, args[1:]
	}
	sql, args, err := s.beside(l, sql, args, i.echo)
	if err != nil {
		return err
	}
	if i.echo {
		err = s.run.QueryRow(ctx, sql, args...).Scan(l.targets(r)...)
	} else {
		_, err = s.run.Exec(ctx, sql, args...)
	}
	if err == nil {
		s.noted(s.note)
	}
	return err
}

func (l *layout) fill(r record, of func(*schema.Field, *any) any) []any {
	out := make([]any, len(l.names))
	extra := r.extra(len(l.extras))
	next := 0
	for i, name := range l.names {
		if p := r.field(name); p != nil {
			out[i] = p
			continue
		}
		out[i] = of(l.extras[next], &extra[next])
		next++
	}
	return out
}

// grown gives list with n elements, keeping those it has.
func grown(list *[]any, n int) []any {
	for len(*list) < n {
		*list = append(*list, nil)
	}
	return *list
}

// jsonTarget keeps the text of a JSON column, because a decoded object would
// lose the order of its keys.
type jsonTarget struct{ to *any }

// Scan takes the text, or nil.
func (t jsonTarget) Scan(text any) error {
	switch text := text.(type) {
	case nil:
		*t.to = nil
	case string:
		*t.to = json.RawMessage(text)
	case []byte:
		*t.to = json.RawMessage(slices.Clone(text))
	default:
		return fmt.Errorf("a JSON column gives a %T", text)
	}
	return nil
}

func placeholders(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString("$" + itoa(i))
	}
	return b.String()
}
