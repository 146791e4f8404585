package twofactor

import "github.com/sallyport-auth/sallyport/internal/auth"

// Events are what the plugin writes to the audit log.
var Events = []auth.EventKind{
	{Name: EventEnabled, Doc: "A user set up a second factor (`details.method`)."},
	{Name: EventDisabled, Doc: "A user gave up the second factor."},
	{Name: EventAsked, Doc: "A sign-in began to wait for a second factor."},
	{Name: EventOTPSent, Doc: "A code was sent to a user."},
	{Name: EventVerified, Doc: "A user gave a right code (`details.method`), at sign-in or in a session."},
	{Name: EventFailed, Doc: "A code was wrong; `details.method` tells its kind."},
	{Name: EventBackupCodesGenerated, Doc: "A user got new backup codes; the old ones have ended."},
	{Name: EventBackupCodeUsed, Doc: "A backup code was given and is used up."},
}

// The names of Events.
const (
	EventEnabled              auth.Event = "two-factor-enabled"
	EventDisabled             auth.Event = "two-factor-disabled"
	EventAsked                auth.Event = "two-factor-asked"
	EventOTPSent              auth.Event = "two-factor-code-sent"
	EventVerified             auth.Event = "two-factor-verified"
	EventFailed               auth.Event = "two-factor-failed"
	EventBackupCodesGenerated auth.Event = "backup-codes-generated"
	EventBackupCodeUsed       auth.Event = "backup-code-used"
)
