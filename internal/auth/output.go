package auth

import (
	"encoding/json"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// The order in which a record that was read from a cookie is answered: the fields
// of the core so, and the others after them.
var (
	cachedUser    = []string{"id", "createdAt", "updatedAt", "email", "emailVerified", "name", "image"}
	cachedSession = []string{"id", "createdAt", "updatedAt", "userId", "expiresAt", "token", "ipAddress", "userAgent"}
)

// cachedOrder puts the members named in order first.
func cachedOrder(o api.Object, order []string) api.Object {
	out := make(api.Object, 0, len(o))
	for _, name := range order {
		if v, ok := o.Get(name); ok {
			out = append(out, api.Member{Key: name, Value: v})
		}
	}
	for _, m := range o {
		if !slices.Contains(order, m.Key) {
			out = append(out, m)
		}
	}
	return out
}

// UserOutput is the user as clients see it: the fields that the field set
// returns, in its order, and the id last. A user from the cookie cache has an
// order of its own, as the original answers it.
func (a *Auth) UserOutput(u *store.User) api.Object {
	out := output(a.userFields, u.ID, func(name string) (any, bool) {
		switch name {
		case "name":
			return u.Name, true
		case "email":
			return u.Email, true
		case "emailVerified":
			return u.EmailVerified, true
		case "image":
			return u.Image, true
		case "createdAt":
			return u.CreatedAt, true
		case "updatedAt":
			return u.UpdatedAt, true
		}
		return nil, false
	}, u.Extra)
	if u.Cached {
		return cachedOrder(out, cachedUser)
	}
	return out
}

// SessionOutput is the session as clients see it, token included.
func (a *Auth) SessionOutput(s *store.Session) api.Object {
	out := output(a.sessionFields, s.ID, func(name string) (any, bool) {
		switch name {
		case "expiresAt":
			return s.ExpiresAt, true
		case "token":
			return s.Token, true
		case "createdAt":
			return s.CreatedAt, true
		case "updatedAt":
			return s.UpdatedAt, true
		case "ipAddress":
			return s.IPAddress, true
		case "userAgent":
			return s.UserAgent, true
		case "userId":
			return s.UserID, true
		}
		return nil, false
	}, s.Extra)
	if s.Cached {
		return cachedOrder(out, cachedSession)
	}
	return out
}

// AccountOutput is the account as its user sees it: without tokens and
// password.
func (a *Auth) AccountOutput(row *store.Account) api.Object {
	return output(a.accountFields, row.ID, func(name string) (any, bool) {
		switch name {
		case "accountId":
			return row.AccountID, true
		case "providerId":
			return row.ProviderID, true
		case "userId":
			return row.UserID, true
		case "scope":
			return row.Scope, true
		case "createdAt":
			return row.CreatedAt, true
		case "updatedAt":
			return row.UpdatedAt, true
		case "accessToken", "refreshToken", "idToken", "accessTokenExpiresAt", "refreshTokenExpiresAt", "password":
			return nil, true // never returned
		}
		return nil, false
	}, row.Extra)
}

// output lists the fields of table: core ones through core, the others from
// extra, which holds them in the table's order.
func output(table *schema.Table, id string, core func(string) (any, bool), extra []any) api.Object {
	out := make(api.Object, 0, len(table.Fields)+1)
	next := 0
	for i := range table.Fields {
		f := &table.Fields[i]
		v, ok := core(f.Name)
		if !ok {
			if next < len(extra) && !f.NotReturned {
				v = outputValue(extra[next])
			}
			next++
		}
		if !f.NotReturned {
			out = append(out, api.Member{Key: f.Name, Value: v})
		}
	}
	return append(out, api.Member{Key: "id", Value: id})
}

// outputValue writes a value of a further column as the original does.
func outputValue(v any) any {
	if text, ok := v.(json.RawMessage); ok {
		return api.StoredJSON(text)
	}
	return store.Output(v)
}

// UserFields are the fields of users under this configuration.
func (a *Auth) UserFields() *schema.Table { return a.userFields }

// AccountFields are the fields of accounts under this configuration.
func (a *Auth) AccountFields() *schema.Table { return a.accountFields }

// SessionFields are the fields of sessions under this configuration.
func (a *Auth) SessionFields() *schema.Table { return a.sessionFields }
