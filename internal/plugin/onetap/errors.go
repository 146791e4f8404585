package onetap

import "github.com/sallyport-auth/sallyport/internal/api"

// Errors of the endpoint.
var (
	errNoClient = api.NewError(400, "", "Google client ID is required for One Tap. Set it on the oneTap plugin (clientId) or on socialProviders.google.")
	errToken    = api.NewError(400, "", "invalid id token")
	errNoEmail  = api.NewError(400, "", "Email not available in token")
)
