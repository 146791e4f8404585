package admin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// require refuses a call whose user may not do an action on a resource.
func (a *Admin) require(c *api.Call, resource, action string) error {
	if a.may(c.User.ID, a.role.Text(c.User), Statements{resource: {action}}) {
		return nil
	}
	return refusals[resource][action]
}

// may tells whether a user with that id and role may do everything that is asked.
func (a *Admin) may(id, role string, asked Statements) bool {
	if slices.Contains(a.cfg.AdminUserIDs, id) {
		return true
	}
	return slices.ContainsFunc(a.split(role), func(role string) bool { return a.roles[role].allow(asked) })
}

// split gives the roles of a comma list, whose names are taken as they stand
// there.
func (a *Admin) split(role string) []string {
	return strings.Split(cmp.Or(role, a.cfg.DefaultRole, "user"), ",")
}

// allow tells whether a role by itself allows everything that is asked. It does
// not where nothing is asked, of a resource or at all.
func (s Statements) allow(asked Statements) bool {
	for resource, actions := range asked {
		for _, action := range actions {
			if !slices.Contains(s[resource], action) {
				return false
			}
		}
		if len(actions) == 0 {
			return false
		}
	}
	return len(asked) > 0
}

// isAdmin tells whether a user with that id and role is one whom others may not
// impersonate.
func (a *Admin) isAdmin(id, role string) bool {
	return slices.Contains(a.cfg.AdminUserIDs, id) ||
		slices.ContainsFunc(a.split(role), func(role string) bool { return slices.Contains(a.adminRoles, role) })
}

// giveRole gives a new user without a role the default one.
func (a *Admin) giveRole(_ context.Context, _ *store.Store, _ *api.Call, u *store.User) error {
	if a.role.Of(u) == nil {
		a.role.Set(u, a.cfg.DefaultRole)
	}
	return nil
}
