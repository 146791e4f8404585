package social

import "github.com/sallyport-auth/sallyport/internal/api"

// Errors of the endpoints that answer scripts.
var (
	errProviderNotFound = api.NewError(404, "PROVIDER_NOT_FOUND", "Provider not found")
	errNoIDTokens       = api.NewError(404, "ID_TOKEN_NOT_SUPPORTED", "id_token not supported")
	errNoUserInfo       = api.NewError(401, "FAILED_TO_GET_USER_INFO", "Failed to get user info")
	errUserHasNoEmail   = api.NewError(401, "USER_EMAIL_NOT_FOUND", "User email not found")
	errAlreadyLinked    = api.NewError(409, "SOCIAL_ACCOUNT_ALREADY_LINKED", "Social account already linked")
	errLinkingOff       = api.NewError(401, "LINKING_NOT_ALLOWED", "Account not linked - linking not allowed")
	errOtherAddress     = api.NewError(401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED", "Account not linked - different emails not allowed")
	errLinkingFailed    = api.NewError(417, "LINKING_FAILED", "Account not linked - unable to create account")
)
