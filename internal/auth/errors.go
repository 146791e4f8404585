package auth

import "github.com/sallyport-auth/sallyport/internal/api"

// Errors that more than one feature answers with.
var (
	ErrSessionNotFresh     = api.NewError(403, "SESSION_NOT_FRESH", "Session is not fresh")
	ErrFailedToMakeSession = api.NewError(401, "FAILED_TO_CREATE_SESSION", "Failed to create session")
	ErrFailedToGetSession  = api.NewError(401, "FAILED_TO_GET_SESSION", "Failed to get session")
	ErrPasswordTooShort    = api.NewError(400, "PASSWORD_TOO_SHORT", "Password too short")
	ErrPasswordTooLong     = api.NewError(400, "PASSWORD_TOO_LONG", "Password too long")
	ErrInvalidEmail        = api.NewError(400, "INVALID_EMAIL", "Invalid email")
	ErrInvalidCredentials  = api.NewError(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")
	ErrFailedToCreateUser  = api.NewError(422, "FAILED_TO_CREATE_USER", "Failed to create user")
	ErrUserAlreadyExists   = api.NewError(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.")
	ErrPasswordSignInOff   = api.NewError(400, "EMAIL_PASSWORD_DISABLED", "Email and password is not enabled")
	ErrPasswordSignUpOff   = api.NewError(400, "EMAIL_PASSWORD_SIGN_UP_DISABLED", "Email and password sign up is not enabled")
	ErrAccountNotFound     = api.NewError(400, "ACCOUNT_NOT_FOUND", "Account not found")
	ErrDeferSessionRefresh = api.NewError(405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED", "POST method requires deferSessionRefresh to be enabled in session config")
	ErrEmailNotVerified    = api.NewError(403, "EMAIL_NOT_VERIFIED", "Email not verified")
	ErrInvalidToken        = api.NewError(401, "INVALID_TOKEN", "Invalid token")
	ErrTokenExpired        = api.NewError(401, "TOKEN_EXPIRED", "Token expired")
)
