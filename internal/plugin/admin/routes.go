package admin

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// roleRoutes are the endpoints about roles, fields and bans.
func (a *Admin) roleRoutes() []api.Route {
	return []api.Route{
		api.POST("/admin/set-role", api.Sensitive, a.setRole, api.Wordless(), api.Doc("Gives a user other roles."), api.Fails(errUserNotFound)),
		api.GET("/admin/get-user", api.Sensitive, a.getUser, api.Wordless(), api.Doc("Gives a user."), api.Answers[userRow](), api.Fails(errUserNotFound)),
		api.POST("/admin/create-user", api.Sensitive, a.createUser, api.Wordless(), api.Doc("Makes a user.")),
		api.POST("/admin/update-user", api.Sensitive, a.updateUser, api.Wordless(), api.Doc("Changes fields of a user."), api.Answers[userRow](), api.Fails(errUserNotFound)),
		api.POST("/admin/ban-user", api.Sensitive, a.ban, api.Wordless(), api.Doc("Bans a user and ends every session."), api.Fails(errUserNotFound)),
		api.POST("/admin/unban-user", api.Sensitive, a.unban, api.Wordless(), api.Doc("Lifts the ban of a user."), api.Fails(errUserNotFound)),
		api.POST("/admin/has-permission", api.Sensitive, a.hasPermission, api.Wordless(), api.Doc("Tells whether the caller may do something.")),
	}
}

// peopleRoutes are those of lists, sessions, passwords and impersonation.
func (a *Admin) peopleRoutes() []api.Route {
	return []api.Route{
		api.GET("/admin/list-users", api.Sensitive, a.listUsers, api.Wordless(), api.Fails(refusals["user"]["list"]),
			api.Doc("Lists users: searched, filtered, sorted, page by page.")),
		api.POST("/admin/list-user-sessions", api.Sensitive, a.listUserSessions, api.Wordless(), api.Fails(refusals["session"]["list"]),
			api.Doc("Lists the sessions of a user.")),
		api.POST("/admin/revoke-user-session", api.Sensitive, a.revokeUserSession, api.Wordless(), api.Fails(refusals["session"]["revoke"]),
			api.Doc("Ends a session of any user.")),
		api.POST("/admin/revoke-user-sessions", api.Sensitive, a.revokeUserSessions, api.Wordless(), api.Fails(refusals["session"]["revoke"]),
			api.Doc("Ends every session of a user.")),
		api.POST("/admin/remove-user", api.Sensitive, a.removeUser, api.Wordless(),
			api.Fails(refusals["user"]["delete"], errRemoveOneself, errUserNotFound),
			api.Doc("Deletes a user with sessions and login methods.")),
		api.POST("/admin/set-user-password", api.Sensitive, a.setUserPassword, api.Wordless(),
			api.Fails(refusals["user"]["set-password"], auth.ErrPasswordTooShort, auth.ErrPasswordTooLong, errUserNotFound),
			api.Doc("Gives a user another password, or a first one.")),
		api.POST("/admin/impersonate-user", api.Sensitive, a.impersonateUser, api.Wordless(),
			api.Fails(refusals["user"]["impersonate"], refusals["user"]["impersonate-admins"], errUserNotFound),
			api.Doc("Gives the caller a session of a user.")),
		api.POST("/admin/stop-impersonating", api.SignedIn, a.stopImpersonating, api.Wordless(),
			api.Fails(errNotImpersonating, errNoAdminSession),
			api.Doc("Ends an impersonation, and goes on with the session from before.")),
	}
}
