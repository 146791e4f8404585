// Package onetap signs users in with Google One Tap: Google's script hands a page
// an ID token, for which POST /one-tap/callback opens a session.
//
// The accounts are those of the provider google, whose options count here too. The
// checks of ID tokens are package oauth's, the rules of users and accounts package
// social's.
package onetap

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// Config holds the options of the plugin.
type Config struct {
	ClientID      string `yaml:"clientId" doc:"The client id at Google for which the tokens are; default is that of socialProviders.google."`
	DisableSignUp bool   `yaml:"disableSignup" doc:"Whether only users who exist may sign in."`
}

// ID is the name of the plugin among those of a server.
const ID = "one-tap"

const google = "google"

// OneTap is the plugin.
type OneTap struct {
	auth   *auth.Auth
	social *social.Social
	// google checks and reads ID tokens; nil where no client id is configured.
	google *oauth.Provider
	// noSignUp tells that only users who exist may sign in.
	noSignUp bool
}

// Deps is what New needs besides the options of the plugin.
type Deps struct {
	// Google are the options of the social provider, zero where there is none.
	Google oauth.Options
	Client *outbound.Client
}

// New gives the plugin.
func New(a *auth.Auth, s *social.Social, cfg Config, d Deps) (*OneTap, error) {
	o := d.Google
	config.SetDefaults(&o)
	t := &OneTap{auth: a, social: s, noSignUp: cfg.DisableSignUp || o.DisableSignUp}
	if cfg.ClientID != "" {
		o.ClientID = config.One(cfg.ClientID)
	}
	if len(o.ClientID.Values) == 0 {
		return t, nil
	}
	// Whoever turns the button or the sign-in with other ID tokens off still has
	// this plugin on.
	o.DisableIDTokenSignIn = false
	if !*o.Enabled {
		o.MapProfileToUser = nil
	}
	var err error
	t.google, err = provider.New(google, o, provider.Deps{Client: d.Client, Now: a.Now})
	return t, err
}

// Plugin lists what the plugin adds.
func (t *OneTap) Plugin() auth.Plugin {
	return auth.Plugin{
		ID: ID,
		Routes: []api.Route{
			api.POST("/one-tap/callback", api.Public, t.signIn, api.Fails(errNoClient, errToken, errNoEmail, auth.ErrEmailNotVerified),
				api.Doc("Signs in whom an ID token of Google One Tap names.")),
		},
	}
}
