package admin

import "github.com/sallyport-auth/sallyport/internal/auth"

// Events are what the plugin writes to the audit log beside those of everybody.
// What an administrator does as somebody else has `details.impersonatedBy`.
var Events = []auth.EventKind{
	{Name: EventImpersonated, Doc: "An administrator got a session of the user."},
	{Name: EventImpersonationEnded, Doc: "An administrator went back from such a session to the one before."},
}

// The names of Events.
const (
	EventImpersonated       auth.Event = "user-impersonated"
	EventImpersonationEnded auth.Event = "impersonation-ended"
)
