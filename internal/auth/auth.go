// Package auth holds what every feature of the server builds on: users and
// their sessions, the cookies that carry a session, the way in (SignIn), and
// the form of a plugin.
//
// It answers no path itself. The endpoints that every deployment has are in
// package core, and each further feature is a plugin of its own.
package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/throttle"
)

// Auth is the state that features share. Its fields do not change after New and
// Attach.
type Auth struct {
	// Config is the configuration with every default filled in.
	Config Config
	// BaseURL is the public address of the API without a trailing slash, and
	// Origin its scheme and authority.
	BaseURL, Origin string
	// Trusted are the origins that may call the API and be redirected to.
	Trusted *origin.List

	Store     *store.Store
	Secrets   *secure.Secrets
	Passwords *secure.Passwords

	// Now tells the time; Rand is the source of ids, tokens, salts and keys.
	Now  func() time.Time
	Rand io.Reader

	userFields, sessionFields *schema.Table
	accountFields             *schema.Table
	userExtras, sessionExtras extras
	// What clients may send for them, in the order in which it is read.
	userInput, sessionInput []*schema.Field
	cookies                 cookieSet
	cache                   *cookieCache
	accountBox              *jose.Box // nil where no account is kept in a cookie
	outbox                  Outbox
	throttle                *throttle.Throttle
	via                     string
	refusals                refusals
	// What plugins add to the steps here, in their order.
	records     []RecordHooks
	annotations []func(*api.Call, *store.Note)
	gates       []Gate
	resigners   []func(context.Context, *api.Call) error
}

// Deps is what New needs besides the configuration.
type Deps struct {
	Store     *store.Store
	Secrets   *secure.Secrets
	Passwords *secure.Passwords
	Schema    *schema.Set
	Now       func() time.Time
	Rand      io.Reader
	// Outbox may be nil where nothing sends.
	Outbox Outbox
	// Throttle may be nil, which limits no tries.
	Throttle *throttle.Throttle
	// Via is who asks where no client does: ViaServer, which is what empty means,
	// or ViaCommand.
	Via string
}

// New checks cfg, whose BaseURL must be set, and gives the state that plugins
// are made with.
func New(cfg Config, d Deps) (*Auth, error) {
	config.SetDefaults(&cfg)
	base, err := BaseURL(cfg)
	if err != nil {
		return nil, err
	}
	a := &Auth{
		Config: cfg, BaseURL: base.String(), Origin: base.Scheme + "://" + base.Host,
		Store: d.Store, Secrets: d.Secrets, Passwords: d.Passwords, Now: d.Now, Rand: d.Rand,
		userFields: d.Schema.Table("user"), sessionFields: d.Schema.Table("session"),
		accountFields: d.Schema.Table("account"),
		outbox:        d.Outbox,
		throttle:      d.Throttle,
		via:           cmp.Or(d.Via, ViaServer),
	}
	a.userInput = further(a.userFields, cfg.User.AdditionalFields)
	a.sessionInput = further(a.sessionFields, cfg.Session.AdditionalFields)
	if a.Trusted, err = origin.Parse(append([]string{a.Origin}, cfg.TrustedOrigins...)); err != nil {
		return nil, fmt.Errorf("trustedOrigins: %w", err)
	}
	if a.cookies, err = newCookieSet(&a.Config, base); err != nil {
		return nil, err
	}
	a.userExtras, a.sessionExtras = newExtras(a.userFields), newExtras(a.sessionFields)
	if cfg.Session.CookieCache.Enabled {
		a.cache, err = a.newCookieCache()
	}
	if err == nil && cfg.Account.StoreAccountCookie {
		a.accountBox, err = jose.NewLastingBox(a.Secrets, accountPurpose)
	}
	return a, err
}

// BaseURL gives the public address of the API: the path in baseURL where there
// is one, else basePath.
func BaseURL(cfg Config) (*url.URL, error) {
	u, err := url.Parse(cfg.BaseURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, errors.New("baseURL must begin with http:// or https:// and name a host")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("baseURL must hold neither user, query nor fragment")
	}
	u.Path = trimSlashes(u.Path)
	if u.Path == "" {
		u.Path = trimSlashes(cfg.BasePath)
	}
	return &url.URL{Scheme: u.Scheme, Host: CanonicalHost(u), Path: u.Path}, nil
}

// Time is now, cut to the milliseconds that JavaScript knows, so that what is
// answered equals what is stored.
func (a *Auth) Time() time.Time { return a.Now().UTC().Truncate(time.Millisecond) }

// NewID gives an id for a new row. It is empty where the database numbers them,
// which it does as the row is written.
func (a *Auth) NewID() (string, error) {
	switch a.Config.Advanced.Database.GenerateID.Type {
	case schema.UUIDs:
		return secure.NewUUID(a.Rand)
	case schema.SerialIDs:
		return "", nil
	}
	return secure.NewID(a.Rand)
}
