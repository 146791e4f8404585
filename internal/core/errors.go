package core

import "github.com/sallyport-auth/sallyport/internal/api"

// Errors of the endpoints about accounts.
var (
	errNobody                = api.NewError(401, "", "")
	errLastAccount           = api.NewError(400, "FAILED_TO_UNLINK_LAST_ACCOUNT", "You can't unlink your last account")
	errProviderNotConfigured = api.NewError(400, "PROVIDER_NOT_CONFIGURED", "Account is not associated with a configured social provider.")
)
