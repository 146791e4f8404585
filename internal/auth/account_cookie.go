package auth

import (
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

const (
	// accountPurpose derives the key of the cookie account_data.
	accountPurpose = "better-auth-account"
	// accountLife is how long its content counts, in seconds, where the cookie ends
	// with the browser session.
	accountLife = 300
)

// SetAccountCookie keeps an account in an encrypted cookie, under
// account.storeAccountCookie. The answer does not depend on it: a cookie that cannot
// be made is left out.
func (a *Auth) SetAccountCookie(c *api.Call, row *store.Account) {
	if a.accountBox != nil {
		a.sealAccount(c, a.accountBody(row))
	}
}

// AccountCookie gives the account in the cookie, if it is one of that user. Its
// tokens are as the cookie has them, which may be older than those of the row.
func (a *Auth) AccountCookie(c *api.Call, userID string) *store.Account {
	body := a.openAccount(c)
	if body == nil {
		return nil
	}
	if row := accountOf(body); row.UserID == userID && row.ID != "" {
		return row
	}
	return nil
}

// renewAccountCookie sends the cookie again beside a new copy of the session, unless
// this call has set it already, and takes that of another user away.
func (a *Auth) renewAccountCookie(c *api.Call, userID string) {
	if a.accountBox == nil || a.setsAccountCookie(c) {
		return
	}
	body := a.openAccount(c)
	switch {
	case body == nil:
	case accountOf(body).UserID == userID:
		a.sealAccount(c, body)
	default:
		a.clearAccountCookie(c)
	}
}

func (a *Auth) setsAccountCookie(c *api.Call) bool {
	for _, set := range c.SetCookies() {
		if set.Name == a.cookies.accountData.Name || strings.HasPrefix(set.Name, a.cookies.accountData.Name+".") {
			return true
		}
	}
	return false
}

// clearAccountCookie removes it from the browser: the one that the request brought
// along is expired twice, as the original does.
func (a *Auth) clearAccountCookie(c *api.Call) {
	if a.accountBox != nil {
		c.ExpireCookie(a.cookies.accountData)
		expireParts(c, a.cookies.accountData)
	}
}

// sealAccount sends the cookie with a content that counts as long as it does.
func (a *Auth) sealAccount(c *api.Call, body api.Object) {
	cookie := a.cookies.accountData
	life := int64(accountLife)
	if cookie.MaxAge != nil {
		life = int64(*cookie.MaxAge)
	}
	now := a.Time().Unix()
	id, err := secure.NewUUID(a.Rand)
	if err == nil {
		var payload []byte
		if payload, err = api.JSON(body.Set("iat", now).Set("exp", now+life).Set("jti", id)); err == nil {
			cookie.Value, err = a.accountBox.Seal(payload)
		}
	}
	switch {
	case err != nil:
		c.Log.Warn("the account could not be kept in a cookie", "error", err)
	case !setParts(c, cookie):
		c.Log.Warn("the account is too large for a cookie and is not kept in one", "bytes", len(cookie.Value))
	}
}

// openAccount reads the cookie; nil where there is none that is genuine and counts.
func (a *Auth) openAccount(c *api.Call) api.Object {
	if a.accountBox == nil {
		return nil
	}
	value := joinParts(c, a.cookies.accountData.Name)
	if value == "" {
		return nil
	}
	payload, err := a.accountBox.Open(value)
	if err != nil {
		return nil
	}
	body, err := oauth.ParseObject(payload)
	until, _ := body.Get("exp")
	seconds, dated := until.(float64)
	if err != nil || !dated || seconds <= float64(a.Time().Unix())-clockTolerance.Seconds() {
		return nil
	}
	return body
}

// accountBody is the whole account, tokens included.
func (a *Auth) accountBody(row *store.Account) api.Object {
	body := make(api.Object, 0, len(a.accountFields.Fields)+4)
	next := 0
	for i := range a.accountFields.Fields {
		name := a.accountFields.Fields[i].Name
		if schema.IsCore("account", name) {
			body = append(body, api.Member{Key: name, Value: accountValue(row, name)})
			continue
		}
		var v any
		if next < len(row.Extra) {
			v = outputValue(row.Extra[next])
		}
		body = append(body, api.Member{Key: name, Value: v})
		next++
	}
	return append(body, api.Member{Key: "id", Value: row.ID})
}

func accountValue(row *store.Account, name string) any {
	switch name {
	case "accountId":
		return row.AccountID
	case "providerId":
		return row.ProviderID
	case "userId":
		return row.UserID
	case "accessToken":
		return row.AccessToken
	case "refreshToken":
		return row.RefreshToken
	case "idToken":
		return row.IDToken
	case "accessTokenExpiresAt":
		return row.AccessTokenExpiresAt
	case "refreshTokenExpiresAt":
		return row.RefreshTokenExpiresAt
	case "scope":
		return row.Scope
	case "createdAt":
		return row.CreatedAt
	case "updatedAt":
		return row.UpdatedAt
	}
	return nil // nobody signs in with the account of a password by way of a provider
}

// accountOf gives the account of a cookie. Members of another kind than the field
// has are as if they were not there.
func accountOf(body api.Object) *store.Account {
	row := &store.Account{
		AccessToken: textIn(body, "accessToken"), RefreshToken: textIn(body, "refreshToken"), IDToken: textIn(body, "idToken"),
		Scope:                textIn(body, "scope"),
		AccessTokenExpiresAt: timeIn(body, "accessTokenExpiresAt"), RefreshTokenExpiresAt: timeIn(body, "refreshTokenExpiresAt"),
	}
	for name, to := range map[string]*string{"id": &row.ID, "accountId": &row.AccountID, "providerId": &row.ProviderID, "userId": &row.UserID} {
		if text := textIn(body, name); text != nil {
			*to = *text
		}
	}
	for name, to := range map[string]*time.Time{"createdAt": &row.CreatedAt, "updatedAt": &row.UpdatedAt} {
		if at := timeIn(body, name); at != nil {
			*to = *at
		}
	}
	return row
}

func textIn(body api.Object, name string) *string {
	v, _ := body.Get(name)
	if text, ok := v.(string); ok {
		return &text
	}
	return nil
}

func timeIn(body api.Object, name string) *time.Time {
	text := textIn(body, name)
	if text == nil {
		return nil
	}
	if at, ok := parseTime(*text); ok {
		return &at
	}
	return nil
}
