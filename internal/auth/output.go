package auth

import (
	"encoding/json"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// UserOutput is the user as clients see it: the fields that the field set
// returns, in its order, and the id last.
func (a *Auth) UserOutput(u *store.User) api.Object {
	return output(a.userFields, u.ID, func(name string) (any, bool) {
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
}

// SessionOutput is the session as clients see it, token included.
func (a *Auth) SessionOutput(s *store.Session) api.Object {
	return output(a.sessionFields, s.ID, func(name string) (any, bool) {
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

// UserFields are the fields of users under this
// configuration.
func (a *Auth) UserFields() *schema.Table { return a.userFields }

// SessionFields are the fields of sessions under this configuration.
func (a *Auth) SessionFields() *schema.Table { return a.sessionFields }
