package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// SessionConfig holds the options for sessions. UpdateAge and FreshAge are pointers because 0 is a
// value of its own there; an ExpiresIn of 0 means the default, as in the original.
type SessionConfig struct {
	ModelName                 string           `yaml:"modelName" doc:"The table of sessions; default is session."`
	Fields                    SessionColumns   `yaml:"fields" doc:"Columns of sessions by field name; default is the field's name."`
	AdditionalFields          AdditionalFields `yaml:"additionalFields" doc:"Columns of yours on sessions, in this order."`
	ExpiresIn                 config.Duration  `yaml:"expiresIn" default:"604800" min:"0" doc:"How long a session lives without use; 0 means the default."`
	UpdateAge                 *config.Duration `yaml:"updateAge" default:"86400" min:"0" doc:"How old a session gets before use extends it; 0 extends it on every use."`
	FreshAge                  *config.Duration `yaml:"freshAge" default:"86400" min:"0" doc:"How long after sign-in a session counts as fresh; 0 means always."`
	DisableSessionRefresh     bool             `yaml:"disableSessionRefresh" doc:"Whether use never extends a session."`
	DeferSessionRefresh       bool             `yaml:"deferSessionRefresh" doc:"Whether GET /get-session only says that an extension is due and POST makes it."`
	StoreSessionInDatabase    *bool            `yaml:"storeSessionInDatabase" doc:"Whether sessions are in the database where there is a secondary storage. They always are, so false is refused."`
	PreserveSessionInDatabase bool             `yaml:"preserveSessionInDatabase" doc:"Whether the row of a revoked session stays. It never does, so true is refused."`
	CookieCache               CookieCache      `yaml:"cookieCache"`
}

// CookieCache holds the options for keeping a copy of the session in a cookie.
type CookieCache struct {
	Enabled      bool            `yaml:"enabled" doc:"Whether the session is kept in a short-lived cookie too, so that reading it needs no database; a revoked session then counts until the cookie ends, except at endpoints that change security."`
	MaxAge       config.Duration `yaml:"maxAge" default:"300" min:"0" doc:"How long that cookie counts; 0 means the default."`
	Strategy     string          `yaml:"strategy" enum:"compact,jwt,jwe" default:"compact" doc:"The form of that cookie: compact (signed), jwt (a signed JWT) or jwe (encrypted)."`
	RefreshCache config.Never    `yaml:"refreshCache" instead:"leave it out, sessions are in the database and the cookie is renewed from it"`
	Version      string          `yaml:"version" doc:"A text whose change makes all such cookies void; default is 1."`
}
