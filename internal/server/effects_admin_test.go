package server_test

import (
	"fmt"
	"maps"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.admin.adminRoles":                   "TestWhoIsAnAdmin",
		"plugins.admin.adminUserIds":                 "TestAUserMayDoWhatOneOfTheRolesAllows",
		"plugins.admin.ac":                           "TestRolesThatDoNotFitAreRefused",
		"plugins.admin.roles":                        "TestAUserMayDoWhatOneOfTheRolesAllows",
		"plugins.admin.defaultBanReason":             "TestWhatABanIsByDefault",
		"plugins.admin.defaultBanExpiresIn":          "TestWhatABanIsByDefault",
		"plugins.admin.bannedUserMessage":            "TestWhatABanIsByDefault",
		"plugins.admin.allowImpersonatingAdmins":     "TestAdminsAreImpersonatedByWhoMay",
		"plugins.admin.impersonationSessionDuration": "TestAnImpersonationEndsAsItWasMade",
		"plugins.admin.schema.user.fields":           "TestNamesOfAPluginsColumns",
		"plugins.admin.schema.session.fields":        "TestNamesOfAPluginsColumns",
	})
}

// userField gives a member of the user who has signed up.
func userField(name string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		_, a := signUp(s, nil)
		user, _ := a.JSON()["user"].(map[string]any)
		return fmt.Sprint(user[name])
	}
}
