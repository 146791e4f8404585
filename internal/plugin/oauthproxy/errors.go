package oauthproxy

// Errors of this plugin's own, as the error page is told them.
const (
	codeNoProfile  = "missing_profile"
	codeProfile    = "invalid_profile"
	codePayload    = "invalid_payload"
	codeProvider   = "provider_mismatch"
	codeExpired    = "payload_expired"
	codeState      = "state_mismatch"
	codeNoCode     = "no_code"
	codeNoProvider = "oauth_provider_not_found"
	codeNoEmail    = "email_not_found"
)
