package oauthproxy

import (
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// payload is what the production server tells the other one of a sign-in that it
// has taken to its end at the provider. Its form is Better Auth's.
type payload struct {
	user    userInfo
	profile api.Object
	// scopes is nil where the provider names none.
	scopes  []string
	account account
	// state is that of the flow, which the other server has stored.
	state                             string
	callbackURL, newUserURL, errorURL string
	disableSignUp                     bool
	// at is when it was made, in milliseconds since 1970.
	at int64
}

type userInfo struct {
	id, email, name, image string
	verified               bool
}

type account struct {
	provider, id                      string
	access, refresh, idToken          string
	accessExpiresAt, refreshExpiresAt time.Time
}

// encode writes the payload. Texts that are empty and times that are zero are left
// out, but for those that a reader asks for.
func (p *payload) encode() ([]byte, error) {
	user := api.Object{{Key: "id", Value: p.user.id}, {Key: "email", Value: p.user.email}, {Key: "name", Value: p.user.name}}
	user = with(user, "image", p.user.image).Set("emailVerified", p.user.verified)
	out := api.Object{{Key: "userInfo", Value: user}}
	if p.profile != nil {
		out = out.Set("profile", p.profile)
	}
	if p.scopes != nil {
		out = out.Set("scopes", p.scopes)
	}
	a := api.Object{{Key: "providerId", Value: p.account.provider}, {Key: "accountId", Value: p.account.id}}
	a = with(with(with(a, "accessToken", p.account.access), "refreshToken", p.account.refresh), "idToken", p.account.idToken)
	a = withTime(withTime(a, "accessTokenExpiresAt", p.account.accessExpiresAt), "refreshTokenExpiresAt", p.account.refreshExpiresAt)
	if p.scopes != nil {
		a = a.Set("scope", strings.Join(p.scopes, ","))
	}
	out = out.Set("account", a).Set("state", p.state).Set("callbackURL", p.callbackURL)
	out = with(with(out, "newUserURL", p.newUserURL), "errorURL", p.errorURL)
	if p.disableSignUp {
		out = out.Set("disableSignUp", true)
	}
	return api.JSON(out.Set("timestamp", p.at))
}

func with(o api.Object, key, text string) api.Object {
	if text == "" {
		return o
	}
	return o.Set(key, text)
}

func withTime(o api.Object, key string, at time.Time) api.Object {
	if at.IsZero() {
		return o
	}
	return o.Set(key, at)
}

// decodePayload reads what encode or Better Auth has written.
func decodePayload(text []byte) (*payload, error) {
	all, err := oauth.ParseObject(text)
	if err != nil {
		return nil, err
	}
	r := &reader{of: all}
	user, acc := r.object("userInfo"), r.object("account")
	p := &payload{
		user: userInfo{
			id: user.needed("id"), email: oauth.SmallLetters(user.needed("email")), name: user.needed("name"),
			image: user.text("image"), verified: user.flag("emailVerified"),
		},
		account: account{
			provider: acc.needed("providerId"), id: acc.needed("accountId"),
			access: acc.text("accessToken"), refresh: acc.text("refreshToken"), idToken: acc.text("idToken"),
			accessExpiresAt: acc.time("accessTokenExpiresAt"), refreshExpiresAt: acc.time("refreshTokenExpiresAt"),
		},
		scopes: r.texts("scopes"), state: r.needed("state"), callbackURL: r.needed("callbackURL"),
		newUserURL: r.text("newUserURL"), errorURL: r.text("errorURL"), disableSignUp: r.flag("disableSignUp"),
	}
	if scope := acc.text("scope"); p.scopes == nil && scope != "" {
		p.scopes = strings.Split(scope, ",")
	}
	if profile, _ := all.Get("profile"); profile != nil {
		p.profile = r.object("profile").of
	}
	at, _ := all.Get("timestamp")
	ms, ok := at.(float64)
	if !ok || p.state == "" || p.callbackURL == "" {
		r.fail("timestamp, state or callbackURL")
	}
	p.at = int64(ms)
	return p, errors.Join(r.err, user.err, acc.err)
}
