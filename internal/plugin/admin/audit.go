package admin

import "github.com/sallyport-auth/sallyport/internal/auth"

// Events are what the plugin writes to the audit log beside those of everybody.
// What an administrator does as somebody else has `details.impersonatedBy`.
var Events = []auth.EventKind{
	{Name: EventUserBanned, Doc: "An administrator banned a user, until `details.until` or for good; every session has ended."},
	{Name: EventUserUnbanned, Doc: "An administrator lifted a ban, or it was over when the user signed in."},
	{Name: EventImpersonated, Doc: "An administrator got a session of the user."},
	{Name: EventImpersonationEnded, Doc: "An administrator went back from such a session to the one before."},
}

// The names of Events.
const (
	EventUserBanned         auth.Event = "user-banned"
	EventUserUnbanned       auth.Event = "user-unbanned"
	EventImpersonated       auth.Event = "user-impersonated"
	EventImpersonationEnded auth.Event = "impersonation-ended"
)
