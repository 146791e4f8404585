package migrate

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Better Auth 1.7.0 to 1.7.2 had a column in which each account names its issuer.
// They write it, want it, find accounts by it and the id at the provider, and keep
// both together unique; no other version knows it, 1.7.25 included, which serves
// nothing while such a column must be filled and nothing fills it.
const (
	issuerColumn = "issuer"
	// localIssuer is what those versions write for a password.
	localIssuer = "local:credential"
)

// fillsIssuer tells whether a required column is that one. It then gets a default,
// which is all that every version needs: whoever signs up here can sign in with an
// original of those versions, and 1.7.25 takes the table as it is.
func (c *comparison) fillsIssuer(t *schema.Table, found column) bool {
	if t.Model != "account" || found.name != issuerColumn || found.category != "S" {
		return false
	}
	c.columns = append(c.columns, Step{
		"give " + found.table + "." + issuerColumn + " the default " + localIssuer,
		"alter table " + c.ddl.table(found.table) + " alter column " + quote(issuerColumn) + " set default '" + localIssuer + "'",
	})
	return true
}

// freesIssuer drops the index that keeps issuer and id unique, where a default fills
// the one: users of two providers who have the same id there, a number as a rule,
// would keep each other out.
func (c *comparison) freesIssuer(t *schema.Table, columns map[string]column) {
	issuer, exists := columns[issuerColumn]
	if t.Model != "account" || !exists || t.Field(issuerColumn) != nil || issuer.nullable && !issuer.hasDefault {
		return
	}
	pair := []string{t.Column("accountId"), issuerColumn}
	slices.Sort(pair)
	for _, i := range c.there.indexes {
		if i.table == t.TableName() && i.unique && slices.Equal(slices.Sorted(slices.Values(i.columns)), pair) {
			c.columns = append(c.columns, Step{"drop index " + i.name, strings.Join([]string{
				"alter table " + c.ddl.table(i.table) + " drop constraint if exists " + quote(i.name),
				"drop index if exists " + c.there.qualified(i.name),
			}, "; ")})
		}
	}
}
