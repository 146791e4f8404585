package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// rowCheck counts the rows of a table that a configuration does not expect.
type rowCheck struct {
	count   string // the aggregate
	refused bool
	text    string // with a verb for the count
}

// preflightRows walks once through each table that anything is to be counted in.
func (c *comparison) preflightRows(ctx context.Context, tx pgx.Tx, t *schema.Table, columns map[string]column) error {
	checks := c.rowChecks(t, columns)
	if len(checks) == 0 {
		return nil
	}
	counts, targets, list := make([]int64, len(checks)), make([]any, len(checks)), make([]string, len(checks))
	for i, check := range checks {
		list[i], targets[i] = check.count, &counts[i]
	}
	err := tx.QueryRow(ctx, "select "+strings.Join(list, ", ")+" from "+c.ddl.table(t.TableName())).Scan(targets...)
	if err != nil {
		return fmt.Errorf("counting rows of table %s: %w", quote(t.TableName()), err)
	}
	for i, check := range checks {
		if counts[i] > 0 {
			c.remarks = append(c.remarks, Remark{Refused: check.refused, Text: fmt.Sprintf(check.text, counts[i])})
		}
	}
	return nil
}

// rowChecks lists what is counted in a table with the columns that were found.
func (c *comparison) rowChecks(t *schema.Table, columns map[string]column) []rowCheck {
	var checks []rowCheck
	for i := range t.Fields {
		f := &t.Fields[i]
		if found, exists := columns[f.ColumnName()]; exists && found.nullable && needsValue(t, f) {
			checks = append(checks, c.missingValues(t, f))
		}
	}
	has := func(name string) bool { return strings.ContainsAny(columns[t.Column(name)].category, "SE") }
	switch {
	case t.Model == "user" && has("email"):
		checks = append(checks, c.addresses(t)...)
	case t.Model == "account" && has("password") && has("providerId"):
		checks = append(checks, c.passwords(t))
	}
	return checks
}

// needsValue tells whether a row without a value could not be read. Fields of the
// operator's are read as they come.
func needsValue(t *schema.Table, f *schema.Field) bool {
	return f.Required && (schema.IsCore(t.Model, f.Name) || !schema.IsCore(t.Model, "id"))
}

func (c *comparison) missingValues(t *schema.Table, f *schema.Field) rowCheck {
	column := quote(f.ColumnName())
	return rowCheck{
		count: "count(*) filter (where " + column + " is null)", refused: true,
		text: "%d rows of table " + escaped(t.TableName()) + " have no " + escaped(f.ColumnName()) +
			", and could not be read: fill it, then make it NOT NULL",
	}
}

// addresses are looked for in lower case, here as in Better Auth.
func (c *comparison) addresses(t *schema.Table) []rowCheck {
	email := quote(t.Column("email")) + "::text"
	set := "update " + escaped(c.ddl.table(t.TableName())) + " set " + escaped(quote(t.Column("email"))) +
		" = lower(" + escaped(quote(t.Column("email"))) + ")"
	return []rowCheck{
		{
			count: "count(*) filter (where " + email + " <> lower(" + email + "))",
			text:  "%d users have capitals in the address, by which neither Better Auth nor this server finds them: " + set,
		},
		{
			count: "count(*) - count(distinct lower(" + email + "))",
			text:  "%d users have the address of another, but for capitals: decide who keeps it, before it is put into lower case",
		},
	}
}

// passwords of another form come from a password.hash of the application's. An
// expression that counts the digits itself takes thirteen times as long.
func (c *comparison) passwords(t *schema.Table) rowCheck {
	password := quote(t.Column("password")) + "::text"
	return rowCheck{
		count: "count(*) filter (where " + quote(t.Column("providerId")) + "::text = '" + store.CredentialProvider +
			"' and not (length(" + password + ") = 161 and strpos(" + password + ", ':') = 33" +
			" and " + password + " ~ '^[0-9a-f]+:[0-9a-f]+$'))",
		text: "%d passwords are not of Better Auth's own form (salt:hash), as a password.hash in auth.ts writes them: those of a kind that this server knows go on, and the first sign-in replaces each by the own form, which an original with that password.hash does not read; the others need a reset",
	}
}

// escaped puts a name into a text that is a format.
func escaped(name string) string { return strings.ReplaceAll(name, "%", "%%") }
