package oauthpopup

import "github.com/sallyport-auth/sallyport/internal/api"

// errOrigin refuses a popup whose opener nobody trusts: there is nobody to tell.
var errOrigin = api.NewError(403, "INVALID_ORIGIN", "Invalid origin")

// Errors of the start of a popup, which its page posts.
const (
	codeCallback  = "invalid_callback_url"
	codeErrorPage = "invalid_error_callback_url"
	codeNewUser   = "invalid_new_user_callback_url"
	codeProvider  = "provider_not_found"
	codeFailed    = "popup_sign_in_failed"
)
