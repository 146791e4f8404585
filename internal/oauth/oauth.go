// Package oauth is a client of OAuth 2.0 (RFC 6749, RFC 7636) and OpenID Connect:
// it makes authorization addresses, trades codes and refresh tokens for tokens,
// checks ID tokens, and asks who a user is.
//
// What differs between providers is data and small functions of a Provider;
// package provider has those that are built in. The flow of a sign-in (state,
// cookies, users and accounts) is package social's.
package oauth

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Provider is one place where users sign in, ready to be asked.
type Provider struct {
	// ID names the provider in paths and rows, Name in words.
	ID, Name string
	// Options are those of the configuration.
	Options Options
	// Authorize gives the address to which a browser is sent.
	Authorize func(Authorization) (string, error)
	// Exchange trades the code that the browser brought back for tokens.
	Exchange func(context.Context, Code) (*Tokens, error)
	// Refresh trades a refresh token for new tokens; nil where the provider has no
	// such thing.
	Refresh func(ctx context.Context, refreshToken string) (*Tokens, error)
	// UserInfo tells who the user is. ErrNoUser says that the provider does not tell,
	// for whatever reason.
	UserInfo func(context.Context, *Tokens) (*UserInfo, error)
	// Subject gives the provider's own lasting id of a user; anything that is no
	// text or number there is a failure of the provider.
	Subject func(*Tokens, api.Object) any
	// CheckIDToken checks an ID token that a client has brought: nil where the
	// provider has none to check. nonce is empty where none was given.
	CheckIDToken func(ctx context.Context, token, nonce string) error
	// IDTokenUser tells who the user of such a token is, by the token alone; nil where
	// UserInfo is asked, with the other tokens that the client has brought.
	IDTokenUser func(ctx context.Context, token string) (*UserInfo, error)
	// EndSession gives the address at which the provider ends its own session of a
	// user, empty for none; nil where it never has one.
	EndSession func(Logout) string

	// Issuer is compared with the iss of a callback (RFC 9207); empty where unknown.
	Issuer string
	// BindsNonce tells whether every authorization has a nonce, which the ID token
	// must repeat.
	BindsNonce bool
	// IdPInitiated tells whether a callback without a state begins a flow.
	IdPInitiated bool
	// CallbackPath replaces /callback/<ID>; empty for that.
	CallbackPath string
}

// ErrNoUser says that a provider has not told who the user is.
var ErrNoUser = errors.New("the provider did not tell who the user is")

// Authorization is what the address of an authorization is made of.
type Authorization struct {
	State, Verifier, RedirectURI string
	// Nonce is empty where the provider binds none.
	Nonce string
	// Scopes are asked for beyond those of the provider and its options.
	Scopes []string
	// LoginHint may be empty.
	LoginHint string
	// Extra are further parameters, in their order.
	Extra []Param
}

// Logout is what the address of a logout at the provider is made of; any of it may
// be empty.
type Logout struct {
	// IDToken is the last one that the provider has given for the user.
	IDToken string
	// RedirectURI is where the provider sends the browser then, State what it brings
	// back.
	RedirectURI, State string
}

// Param is one parameter.
type Param struct{ Name, Value string }

// Code is what a callback brought.
type Code struct {
	Code, Verifier, RedirectURI string
	// DeviceID is what VK sends along; else empty.
	DeviceID string
}

// Tokens are a provider's answer to a code or a refresh token. Texts are empty and
// times zero where the answer had none.
type Tokens struct {
	Type, Access, Refresh, ID         string
	AccessExpiresAt, RefreshExpiresAt time.Time
	Scopes                            []string
	// Raw is the whole answer.
	Raw api.Object

	// What the callback brought beside the code, for UserInfo: the nonce that the
	// ID token must repeat, and what Apple posts about the user (an object or nil).
	Nonce string
	User  any
}

// UserInfo is what a provider tells of a user.
type UserInfo struct {
	// User has name, email, image, emailVerified and what Options.MapProfileToUser
	// adds, in the original's order; what it leaves undefined is not there.
	User api.Object
	// Profile is the provider's own form.
	Profile api.Object
	// Unsaid are the fields of Options.MapProfileToUser for which the profile has no
	// value.
	Unsaid []string
}

// Email gives the address as the provider wrote it, empty where there is none.
func (u *UserInfo) Email() string { text, _ := textOf(u.User, "email"); return text }

// EmailVerified tells whether the provider says that the address is the user's:
// true, or the text of it, and nothing else.
func (u *UserInfo) EmailVerified() bool {
	v, _ := u.User.Get("emailVerified")
	return v == true || v == "true"
}

func textOf(o api.Object, key string) (string, bool) {
	v, _ := o.Get(key)
	text, ok := v.(string)
	return text, ok
}
