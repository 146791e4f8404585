package store

import (
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
	table   string   // quoted
	names   []string // logical names, id first
	columns []string // quoted, in the same order
	extras  int
	insert  string
}

// layouts holds the layout and the statements of each shared table.
type layouts struct {
	set                                  *schema.Set
	user, session, account, verification layout
	sql                                  statements
}

func newLayouts(set *schema.Set) *layouts {
	l := &layouts{
		set:          set,
		user:         newLayout(set.Table("user"), &User{}),
		session:      newLayout(set.Table("session"), &Session{}),
		account:      newLayout(set.Table("account"), &Account{}),
		verification: newLayout(set.Table("verification"), &Verification{}),
	}
	l.sql = newStatements(l)
	return l
}

func newLayout(t *schema.Table, known record) layout {
	l := layout{table: quote(t.TableName()), names: []string{"id"}}
	for i := range t.Fields {
		l.names = append(l.names, t.Fields[i].Name)
	}
	for i, column := range t.Columns() {
		l.columns = append(l.columns, quote(column))
		if known.field(l.names[i]) == nil {
			l.extras++
		}
	}
	l.insert = "insert into " + l.table + " (" + strings.Join(l.columns, ", ") + ") values (" + placeholders(len(l.columns)) + ")"
	return l
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
	return l.fill(r, func(extra *any) any { return extra })
}

// values gives what to insert for a row, in the order of its columns. pgx
// takes the pointers themselves.
func (l *layout) values(r record) []any {
	return l.fill(r, func(extra *any) any { return *extra })
}

func (l *layout) fill(r record, of func(*any) any) []any {
	out := make([]any, len(l.names))
	extra := r.extra(l.extras)
	next := 0
	for i, name := range l.names {
		if p := r.field(name); p != nil {
			out[i] = p
			continue
		}
		out[i] = of(&extra[next])
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
