package core

import (
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Errors of the endpoints about accounts and about the end of a user.
var (
	errNobody                = api.NewError(401, "", "")
	errLastAccount           = api.NewError(400, "FAILED_TO_UNLINK_LAST_ACCOUNT", "You can't unlink your last account")
	errDeletionOff           = api.NewError(404, "", "")
	errDeletionLinkOff       = api.NewError(404, "NOT_FOUND", "Not found")
	errDeletionToken         = api.NewError(404, "INVALID_TOKEN", "Invalid token")
	errNoUserInfo            = api.NewError(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info")
	errSessionExpired        = api.NewError(400, "SESSION_EXPIRED", "Session expired. Re-authenticate to perform this action.")
	errNoAccessToken         = api.NewError(400, "FAILED_TO_GET_ACCESS_TOKEN", "Failed to get a valid access token")
	errAccessTokenNotFound   = api.NewError(400, "ACCESS_TOKEN_NOT_FOUND", "Access token not found")
	errNoRefreshToken        = api.NewError(400, "REFRESH_TOKEN_NOT_FOUND", "Refresh token not found")
	errNotRefreshed          = api.NewError(400, "FAILED_TO_REFRESH_ACCESS_TOKEN", "Failed to refresh access token")
	errNoProviderUser        = api.NewError(401, "FAILED_TO_GET_USER_INFO", "Failed to get user info")
	errProviderNotConfigured = api.NewError(400, "PROVIDER_NOT_CONFIGURED", "Account is not associated with a configured social provider.")
)

// Errors about passwords and their reset.
var (
	errInvalidPassword    = api.NewError(400, "INVALID_PASSWORD", "Invalid password")
	errCredentialNotFound = api.NewError(400, "CREDENTIAL_ACCOUNT_NOT_FOUND", "Credential account not found")
	errResetOff           = api.NewError(400, "RESET_PASSWORD_DISABLED", "Reset password isn't enabled")
	errResetToken         = api.NewError(400, "INVALID_TOKEN", "Invalid token")
	errResetUserNotFound  = api.NewError(400, "USER_NOT_FOUND", "User not found")
)

// Errors of the proof of an address and of its change.
var (
	errVerificationMailOff = api.NewError(400, "VERIFICATION_EMAIL_NOT_ENABLED", "Verification email isn't enabled")
	errEmailMismatch       = api.NewError(400, "EMAIL_MISMATCH", "Email mismatch")
	errAlreadyVerified     = api.NewError(400, "EMAIL_ALREADY_VERIFIED", "Email is already verified")
	errChangeEmailOff      = api.NewError(400, "CHANGE_EMAIL_DISABLED", "Change email is disabled")
	errSameEmail           = api.NewError(400, "", "Email is the same")
	errNoVerificationMail  = api.NewError(400, "", "Verification email isn't enabled")
)

// Refusals of a link about an address. A browser is sent back with their code.
var (
	errNoUser      = api.NewError(401, "USER_NOT_FOUND", "User not found")
	errInvalidUser = api.NewError(401, "INVALID_USER", "Invalid user")
)

// Errors of changes to the profile and the session.
var (
	errEmailCannotBeUpdated  = api.NewError(400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated")
	errNoFieldsToUpdate      = api.NewError(400, "", "No fields to update")
	errFailedToUpdateUser    = api.NewError(400, "FAILED_TO_UPDATE_USER", "Failed to update user")
	errFailedToUpdateSession = api.NewError(400, "VALIDATION_ERROR", "Validation Error")
)

// ifNotFound puts refusal in the place of store.ErrNotFound.
func ifNotFound(err error, refusal *api.Error) error {
	if errors.Is(err, store.ErrNotFound) {
		return refusal
	}
	return err
}
