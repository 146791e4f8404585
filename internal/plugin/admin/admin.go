// Package admin lets some users look after the others: their roles, profiles,
// bans, sessions and passwords.
//
// What a user may do is said by roles (permission.go), which a configuration
// gives as data: the actions that each allows on each resource. A user has the
// roles of a comma list in the field role. A banned user has no session and gets
// none, whichever way they come.
//
// Not here: roles within an organization, and functions that decide.
package admin

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Admin is the plugin.
type Admin struct {
	auth *auth.Auth
	cfg  Config
	// roles are those of the configuration, or the original's two.
	roles Roles
	// adminRoles are the roles of users whom others may not impersonate.
	adminRoles []string

	role, banned, banExpires auth.UserColumn
	impersonatedBy           auth.SessionColumn

	errBanned *api.Error

	// kept is the cookie of an administrator's session, and expired the one that
	// removes it.
	kept, expired api.Cookie
}

// New gives the plugin.
func New(a *auth.Auth, cfg Config) (*Admin, error) {
	config.SetDefaults(&cfg)
	kept, expired, err := cookies(a)
	return &Admin{
		auth: a, cfg: cfg, roles: cfg.allRoles(), adminRoles: cfg.adminRoles(),
		role: a.UserColumn("role"), impersonatedBy: a.SessionColumn("impersonatedBy"),
		banned: a.UserColumn("banned"), banExpires: a.UserColumn("banExpires"),
		kept: kept, expired: expired,
		errBanned: forbidden("BANNED_USER", cfg.BannedUserMessage),
	}, err
}

// Plugin lists what the plugin adds.
func (a *Admin) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:     "admin",
		Routes: append(a.roleRoutes(), a.peopleRoutes()...),
		After:  []auth.Hook{{On: api.Path("/list-sessions"), Run: a.hideImpersonated}},
		Records: auth.RecordHooks{
			BeforeUserCreate:    a.giveRole,
			BeforeSessionCreate: a.refuseBanned,
			UserValues:          map[string]func(string) error{"role": a.KnownRole},
			EndsAsMade:          a.endsAsMade,
		},
		Annotate: a.nameImpersonator,
		Resign:   a.resign,
		Events:   Events,
	}
}
