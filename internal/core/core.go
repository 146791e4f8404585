// Package core holds the endpoints that every deployment has: sign-up and
// sign-in with a password, sign-out, the session and its siblings, changes of
// password, address and profile, the links in mails, the login methods and the
// deletion of a user, and the status and error pages.
//
// The endpoints of a sign-in with a provider are package social's.
package core

import (
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/social"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// Core answers the core endpoints.
type Core struct {
	auth *auth.Auth
	// social are the flows of providers.
	social *social.Social
	// errorPage is where browsers are sent when a flow fails.
	errorPage string
}

// New makes the core endpoints.
func New(a *auth.Auth, s *social.Social) (*Core, error) {
	page, err := errorPage(a.Config.OnAPIError.ErrorURL)
	return &Core{auth: a, social: s, errorPage: page}, err
}

// listLimit is how many rows a list has at most.
func (c *Core) listLimit() int { return c.auth.Config.Advanced.Database.DefaultFindManyLimit }

// statusOutput is the answer of endpoints that have nothing to tell.
type statusOutput struct {
	Status bool `json:"status"`
}

// textOf gives an optional text, empty where there is none.
func textOf(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// Plugin lists the core endpoints.
func (c *Core) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:       "core",
		Events:   auth.Events,
		Sealed:   c.sealed,
		Expiring: []sweep.Table{{Name: "token_refresh", Rows: sweep.Query(c.sweepRefreshes)}},
		Routes: slices.Concat(c.social.Routes(), []api.Route{
			api.POST("/sign-up/email", api.Public, c.signUp, api.AcceptForm(), api.CheckForm(), api.Fails(auth.ErrUserAlreadyExists),
				api.Doc("Creates a user with an address and a password, and signs them in.")),
			api.POST("/sign-in/email", api.Public, c.signIn, api.AcceptForm(), api.CheckForm(),
				api.Doc("Signs a user in with an address and a password.")),
			api.POST("/sign-out", api.Public, c.signOut, api.Doc("Ends the session of the caller.")),
			api.GET("/get-session", api.Public, c.getSession, api.SkipBody(),
				api.Doc("Gives the session and user of the caller, or null.")),
			api.POSTQuery("/get-session", api.Public, c.renewSession, api.Fails(auth.ErrDeferSessionRefresh),
				api.Doc("Gives the session and extends it when that is due, under session.deferSessionRefresh.")),
			api.GET("/list-sessions", api.Fresh, c.listSessions, api.Answers[[]sessionRow](),
				api.Doc("Lists the live sessions of the caller.")),
			api.POST("/revoke-session", api.Sensitive, c.revokeSession, api.Doc("Ends one session of the caller.")),
			api.POST("/revoke-sessions", api.Sensitive, c.revokeSessions, api.Doc("Ends every session of the caller.")),
			api.POST("/revoke-other-sessions", api.Sensitive, c.revokeOtherSessions,
				api.Doc("Ends every session of the caller but the one in use.")),
			api.POST("/change-email", api.Sensitive, c.changeEmail,
				api.Doc("Changes the address of the caller, or mails the link that does.")),
			api.POST("/delete-user", api.Sensitive, c.deleteUser, api.Doc("Deletes the caller, or mails the link that does.")),
			api.GET("/delete-user/callback", api.Public, c.followDeletion, api.Answers[deleteUserOutput](), api.MayRedirect(),
				api.Doc("Is where mailed links lead that delete a user.")),
			api.GET("/list-accounts", api.SignedIn, c.listAccounts, api.Answers[[]accountRow](),
				api.Doc("Lists the login methods of the caller.")),
			api.POST("/unlink-account", api.Fresh, c.unlinkAccount, api.Doc("Removes a login method of the caller.")),
			api.GET("/account-info", api.Public, c.accountInfo, api.Answers[providerUser](), api.Doc("Gives what a provider tells about an account of the caller.")),
			api.POST("/get-access-token", api.Public, c.accessToken, api.Doc("Gives the access token of an account of the caller.")),
			api.POST("/refresh-token", api.Public, c.refreshToken, api.Doc("Renews the access token of an account of the caller.")),
			api.POST("/update-user", api.SignedIn, c.updateUser, api.Takes[userUpdate](),
				api.Doc("Changes name, image and fields that the configuration adds to the caller.")),
			api.POST("/update-session", api.SignedIn, c.updateSession, api.Takes[sessionUpdate](),
				api.Doc("Changes fields that the configuration adds to the caller's session.")),
			api.POST("/request-password-reset", api.Public, c.requestReset,
				api.Doc("Mails a link for a new password to the address, if it has an account.")),
			api.GET("/reset-password/{token}", api.Public, c.followReset,
				api.Doc("Sends a browser on to the page that asks for the new password.")),
			api.POST("/reset-password", api.Public, c.resetPassword, api.ReadsQuery[resetQuery](),
				api.Doc("Sets a new password for the holder of a reset token.")),
			api.POST("/verify-password", api.Sensitive, c.verifyPassword, api.Doc("Tells whether a password is the caller's.")),
			api.POST("/change-password", api.Sensitive, c.changePassword,
				api.Doc("Replaces the caller's password, and the caller's sessions if asked to.")),
			api.POST("/send-verification-email", api.Public, c.sendVerificationEmail,
				api.Doc("Mails a link that proves the address.")),
			api.GET("/verify-email", api.Public, c.verifyEmail, api.Answers[verifyEmailOutput](), api.MayRedirect(),
				api.Doc("Is where mailed links lead that prove or change an address.")),
			api.GET("/ok", api.Public, c.ok, api.Doc("Tells that the API answers.")),
			api.GET("/error", api.Public, c.showError, api.Doc("Sends a browser to the page that shows an error.")),
		}),
	}
}
