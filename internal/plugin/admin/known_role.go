package admin

import (
	"fmt"
	"slices"
	"strings"
)

// KnownRole refuses a role that the configuration does not name, so that nobody
// gets one by a slip of the pen that allows nothing. Clients of the API may set
// such a role where the configuration lists none, as in the original.
func (a *Admin) KnownRole(role string) error {
	known := a.roles.names()
	if !slices.Contains(known, a.cfg.DefaultRole) {
		known = append(known, a.cfg.DefaultRole)
	}
	if slices.Contains(known, role) {
		return nil
	}
	return fmt.Errorf("is none of %s; plugins.admin.roles names the roles there are", strings.Join(known, ", "))
}
