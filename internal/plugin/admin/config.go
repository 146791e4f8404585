package admin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Config holds the options of the admin plugin.
type Config struct {
	DefaultRole  string           `yaml:"defaultRole" default:"user" doc:"The role of new users, and of those who have none."`
	AdminRoles   config.OneOrMany `yaml:"adminRoles" doc:"The roles, a list or a comma text, whose users nobody may impersonate without the permission for that; default is admin."`
	AdminUserIDs []string         `yaml:"adminUserIds" doc:"The ids of users who may do everything, whatever their role."`
	AC           Statements       `yaml:"ac" doc:"Every action there is on each resource; roles that name another one are refused at start."`
	Roles        Roles            `yaml:"roles" doc:"What each role allows: lists of actions by resource; default is the original's admin and user."`

	DefaultBanReason    string          `yaml:"defaultBanReason" default:"No reason" doc:"The reason of a ban that gives none."`
	DefaultBanExpiresIn config.Duration `yaml:"defaultBanExpiresIn" min:"0" doc:"How long a ban lasts that does not say; 0 or unset means for good."`
	BannedUserMessage   string          `yaml:"bannedUserMessage" default:"You have been banned from this application. Please contact support if you believe this is an error." doc:"What a banned user is told who signs in."`

	ImpersonationSessionDuration config.Duration `yaml:"impersonationSessionDuration" default:"3600" min:"0" doc:"How long an impersonation lasts; it is not extended."`
	AllowImpersonatingAdmins     bool            `yaml:"allowImpersonatingAdmins" doc:"Whether whoever may impersonate users may impersonate admins too; the permission user:impersonate-admins is the better way."`

	Schema SchemaConfig `yaml:"schema"`
}

// SchemaConfig holds the names of the plugin's columns.
type SchemaConfig struct {
	User    UserNames    `yaml:"user"`
	Session SessionNames `yaml:"session"`
}

// UserNames are the names of the columns on users.
type UserNames struct {
	ModelName config.Never      `yaml:"modelName" instead:"use user.modelName"`
	Fields    map[string]string `yaml:"fields" doc:"Columns of users by field name (role, banned, banReason, banExpires); default is the field's name."`
}

// CheckOption refuses names of no field.
func (n UserNames) CheckOption() error { return Tables[0].CheckColumns(n.Fields) }

// SessionNames are the names of the columns on sessions.
type SessionNames struct {
	ModelName config.Never      `yaml:"modelName" instead:"use session.modelName"`
	Fields    map[string]string `yaml:"fields" doc:"Columns of sessions by field name (impersonatedBy); default is the field's name."`
}

// CheckOption refuses names of no field.
func (n SessionNames) CheckOption() error { return Tables[1].CheckColumns(n.Fields) }

// Renames gives the names of columns that a configuration changes.
func (c *Config) Renames() []schema.Table {
	return []schema.Table{schema.Renamed("user", "", c.Schema.User.Fields), schema.Renamed("session", "", c.Schema.Session.Fields)}
}

// CheckOption refuses roles that do not fit together.
func (c Config) CheckOption() error {
	if wrong := c.unknownAdminRoles(); len(wrong) > 0 {
		return fmt.Errorf("has adminRoles that are not among the roles: %s", strings.Join(wrong, ", "))
	}
	switch {
	case c.AC == nil:
		return nil
	case c.Roles == nil:
		return errors.New("has ac, which lists the actions there are, and no roles that allow them")
	}
	return c.Roles.within(c.AC)
}

// unknownAdminRoles lists admin roles that are no roles. Case does not count, as
// in the original.
func (c *Config) unknownAdminRoles() (wrong []string) {
	for _, name := range c.givenAdminRoles() {
		if !slices.ContainsFunc(c.allRoles().names(), func(role string) bool { return strings.EqualFold(role, name) }) {
			wrong = append(wrong, name)
		}
	}
	return wrong
}

// givenAdminRoles are the admin roles of the file, which may have written them as
// one text.
func (c *Config) givenAdminRoles() []string {
	switch {
	case c.AdminRoles.IsZero():
		return nil
	case c.AdminRoles.List:
		return c.AdminRoles.Values
	}
	return strings.Split(c.AdminRoles.Values[0], ",")
}

// adminRoles are the admin roles, as the file has them and as the roles have them.
func (c *Config) adminRoles() []string {
	if c.AdminRoles.IsZero() {
		return []string{"admin"}
	}
	given := c.givenAdminRoles()
	for _, role := range c.allRoles().names() {
		if slices.ContainsFunc(given, func(name string) bool { return strings.EqualFold(role, name) }) {
			given = append(given, role)
		}
	}
	return given
}

// allRoles are the roles of the file, or else the original's two.
func (c *Config) allRoles() Roles {
	if c.Roles == nil {
		return defaultRoles
	}
	return c.Roles
}
