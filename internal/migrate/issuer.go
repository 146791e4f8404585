package migrate

import "github.com/sallyport-auth/sallyport/internal/schema"

// Better Auth 1.7.0 to 1.7.2 had a column in which each account names its issuer.
// They write it, want it, and find the account of a password by it; no other
// version knows it, 1.7.25 included, which serves nothing while such a column must
// be filled and nothing fills it.
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
