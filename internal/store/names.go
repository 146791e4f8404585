package store

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// names puts the configured names into the queries that sqlc has generated for
// the default ones: that of our own schema, and those of the plugins' tables
// and columns (docs/decisions/0004).
type names struct {
	own string
	// tables are those with another name, or a column with one.
	tables map[string]*schema.Table
	// made keeps each text, which is made once.
	made sync.Map
}

func newNames(own string, set *schema.Set) *names {
	n := &names{own: own, tables: map[string]*schema.Table{}}
	if own == "" {
		n.own = OwnSchema
	}
	for _, t := range set.Tables() {
		if isRenamed(t) {
			n.tables[t.Model] = t
		}
	}
	return n
}

func isRenamed(t *schema.Table) bool {
	for i := range t.Fields {
		if t.Fields[i].ColumnName() != t.Fields[i].Name {
			return true
		}
	}
	return t.TableName() != t.Model
}

// text gives the query to send for a generated one.
func (n *names) text(sql string) string {
	if n.own == OwnSchema && len(n.tables) == 0 {
		return sql
	}
	if text, ok := n.made.Load(sql); ok {
		return text.(string)
	}
	text := strings.ReplaceAll(sql, OwnSchema+".", quote(n.own)+".")
	text = n.rename(text)
	n.made.Store(sql, text)
	return text
}

// tokens are comments, literals, identifiers with what they are part of, and
// everything else a character at a time.
var tokens = regexp.MustCompile(`--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"\.?|[A-Za-z_][A-Za-z0-9_]*\.?|(?s:.)`)

// rename replaces the names of tables and columns. A table stands behind a word
// that takes one; a column is any other identifier that is a field of a renamed
// table of the query.
func (n *names) rename(sql string) string {
	parts := tokens.FindAllString(sql, -1)
	var here []*schema.Table
	last := ""
	for i, part := range parts {
		if t := n.tables[strings.Trim(part, `"`)]; t != nil && takesTable[strings.ToUpper(last)] {
			here, parts[i] = append(here, t), quote(t.TableName())
		}
		if strings.TrimSpace(part) != "" {
			last = part
		}
	}
	for i, part := range parts {
		name := strings.Trim(part, `"`)
		for _, t := range here {
			if f := t.Field(name); f != nil && f.ColumnName() != name {
				parts[i] = quote(f.ColumnName())
			}
		}
	}
	return strings.Join(parts, "")
}

var takesTable = map[string]bool{"FROM": true, "INTO": true, "UPDATE": true, "JOIN": true}

// renaming runs generated queries under the configured names.
type renaming struct {
	runner
	names *names
}

// Exec renames and runs.
func (r renaming) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return r.runner.Exec(ctx, r.names.text(sql), args...)
}

// Query renames and runs.
func (r renaming) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return r.runner.Query(ctx, r.names.text(sql), args...)
}

// QueryRow renames and runs.
func (r renaming) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return r.runner.QueryRow(ctx, r.names.text(sql), args...)
}
