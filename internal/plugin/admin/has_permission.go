package admin

import (
	"context"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// hasPermissionInput asks by permissions or, as long ago, by permission, which
// gets no answer.
type hasPermissionInput struct {
	UserID      *api.Coerced `json:"userId" doc:"For calls without a session in the original; here it is the caller who is asked about."`
	Role        *string      `json:"role" doc:"As userId."`
	Permissions Statements   `json:"permissions" check:"examined" doc:"The actions asked for, by resource."`
}

type hasPermissionOutput struct {
	Error   *string `json:"error"`
	Success bool    `json:"success"`
}

var errNoPermissions = api.NewError(http.StatusBadRequest, "", "invalid permission check. no permission(s) were passed.")

// Examine takes exactly one of the two names.
func (in *hasPermissionInput) Examine(body map[string]any) []string {
	_, isOld := statementsOf(body["permission"])
	permissions, isNew := statementsOf(body["permissions"])
	switch {
	case isOld && isNew:
		return []string{"[body] Invalid input: more than one option matched"}
	case !isOld && !isNew:
		return []string{"[body] Invalid input"}
	}
	in.Permissions = permissions
	return nil
}

// Validate refuses the old name.
func (in hasPermissionInput) Validate() error {
	if in.Permissions == nil {
		return errNoPermissions
	}
	return nil
}

// hasPermission tells whether the caller may do something.
func (a *Admin) hasPermission(_ context.Context, c *api.Call, in hasPermissionInput) (hasPermissionOutput, error) {
	return hasPermissionOutput{Success: a.may(c.User.ID, a.role.Text(c.User), in.Permissions)}, nil
}
