package core

import "github.com/sallyport-auth/sallyport/internal/api"

// Errors of the endpoints about accounts and about the end of a user.
var (
	errNobody                = api.NewError(401, "", "")
	errLastAccount           = api.NewError(400, "FAILED_TO_UNLINK_LAST_ACCOUNT", "You can't unlink your last account")
	errDeletionOff           = api.NewError(404, "", "")
	errDeletionLinkOff       = api.NewError(404, "NOT_FOUND", "Not found")
	errDeletionToken         = api.NewError(404, "INVALID_TOKEN", "Invalid token")
	errNoUserInfo            = api.NewError(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info")
	errSessionExpired        = api.NewError(400, "SESSION_EXPIRED", "Session expired. Re-authenticate to perform this action.")
	errProviderNotConfigured = api.NewError(400, "PROVIDER_NOT_CONFIGURED", "Account is not associated with a configured social provider.")
)

// Errors of a change of address.
var (
	errChangeEmailOff     = api.NewError(400, "CHANGE_EMAIL_DISABLED", "Change email is disabled")
	errSameEmail          = api.NewError(400, "", "Email is the same")
	errNoVerificationMail = api.NewError(400, "", "Verification email isn't enabled")
)
