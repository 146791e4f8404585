package twofactor

import (
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// errFactorStays is told to an operator who imports users.
var errFactorStays = errors.New("cannot be true: no second factor comes with a user from elsewhere; leave it out, and the user sets one up again")

// Errors about what a user has set up and what the configuration offers.
var (
	errOTPNotConfigured      = api.NewError(400, "OTP_NOT_CONFIGURED", "OTP is not available")
	errSendingNotConfigured  = api.NewError(400, "OTP_NOT_CONFIGURED", "otp isn't configured")
	errTOTPNotEnabled        = api.NewError(400, "TOTP_NOT_ENABLED", "TOTP not enabled")
	errTOTPAlreadyEnabled    = api.NewError(400, "TOTP_ALREADY_ENABLED", "TOTP is already enabled")
	errTOTPNotOffered        = api.NewError(400, "TOTP_NOT_CONFIGURED", "TOTP is not available")
	errTOTPNotConfigured     = api.NewError(400, "TOTP_NOT_CONFIGURED", "totp isn't configured")
	errNotEnabled            = api.NewError(400, "TWO_FACTOR_NOT_ENABLED", "Two factor isn't enabled")
	errBackupCodesNotEnabled = api.NewError(400, "BACKUP_CODES_NOT_ENABLED", "Backup codes aren't enabled")
	errInvalidPassword       = api.NewError(400, "INVALID_PASSWORD", "Invalid password")
)

// Errors about codes and about the sign-in that waits for one.
var (
	errInvalidCode       = api.NewError(401, "INVALID_CODE", "Invalid code")
	errInvalidBackupCode = api.NewError(401, "INVALID_BACKUP_CODE", "Invalid backup code")
	errOTPExpired        = api.NewError(400, "OTP_HAS_EXPIRED", "OTP has expired")
	errTooManyAttempts   = api.NewError(400, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE", "Too many attempts. Please request a new code.")
	errLocked            = api.NewError(429, "ACCOUNT_TEMPORARILY_LOCKED", "Too many failed verification attempts. Your account is temporarily locked. Please try again later.")
	errInvalidCookie     = api.NewError(401, "INVALID_TWO_FACTOR_COOKIE", "Invalid two factor cookie")
	errNoSession         = api.NewError(400, "FAILED_TO_CREATE_SESSION", "Failed to create session")
	errCodeUsedMeanwhile = api.NewError(409, "", "Failed to verify backup code. Please try again.")
)
