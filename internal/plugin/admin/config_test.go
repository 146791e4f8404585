package admin_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/server"
)

func TestRolesThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	const roles = "roles: {boss: {user: [list, ban]}, user: {}}"
	for options, want := range map[string]string{
		"adminRoles: [boss]":                "plugins.admin has adminRoles that are not among the roles: boss",
		"adminRoles: 'user,x, y'":           "plugins.admin has adminRoles that are not among the roles: x,  y",
		"adminRoles: ADMIN":                 "",
		"adminRoles: []":                    "",
		roles + ", adminRoles: admin":       "plugins.admin has adminRoles that are not among the roles: admin",
		roles + ", adminRoles: Boss":        "",
		roles + ", ac: {user: [list, ban]}": "",
		roles + ", ac: {user: [list]}":      `plugins.admin has the role boss, which allows "ban" on "user": ac does not have that`,
		"ac: {user: [list]}":                "plugins.admin has ac, which lists the actions there are, and no roles that allow them",
		// As JSON.stringify writes what createAccessControl gives.
		roles + ", ac: {statements: {user: [list, ban]}}":               "",
		"roles: {boss: {statements: {user: [list]}}}, adminRoles: boss": "",
	} {
		_, err := server.ParseConfig("plugins: {admin: {"+options+"}}", nil)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", options, err)
		case want != "" && (err == nil || !strings.HasSuffix(err.Error(), want)):
			t.Errorf("%s: %v, want %s", options, err, want)
		}
	}
}

func TestOptionsOfAnotherFormAreRefused(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]string{
		"roles: [admin]":                         "plugins.admin.roles must be an object of roles, each with resources and lists of actions",
		"roles: {admin: {user: list}}":           "plugins.admin.roles must be an object of roles, each with resources and lists of actions",
		"roles: {admin: {user: [1]}}":            "plugins.admin.roles must be an object of roles, each with resources and lists of actions",
		"ac: {user: list}":                       "plugins.admin.ac must be an object of resources, each with a list of actions",
		"adminRoles: {a: b}":                     "plugins.admin.adminRoles must be a text or a list of texts",
		"adminUserIds: x":                        "plugins.admin.adminUserIds must be a list",
		"schema: {user: {modelName: x}}":         "plugins.admin.schema.user.modelName cannot be honoured here; use user.modelName",
		"schema: {user: {fields: {name: x}}}":    `plugins.admin.schema.user names a column for "name", which is none of its fields: role, banned, banReason, banExpires`,
		"schema: {session: {fields: {role: x}}}": `plugins.admin.schema.session names a column for "role", which is none of its fields: impersonatedBy`,
	} {
		_, err := server.ParseConfig("plugins: {admin: {"+options+"}}", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", options, err, want)
		}
	}
}
