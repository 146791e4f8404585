package jwt

import "github.com/sallyport-auth/sallyport/internal/auth"

// Events are what the plugin writes to the audit log. Tokens are not among them:
// there is one for every look at a session.
var Events = []auth.EventKind{
	{Name: EventKeyMade, Doc: "A signing key (`details.key`) was made: the first one, the successor of one that ends, or by `sallyport keys`."},
	{Name: EventKeyActivated, Doc: "A signing key that was waiting was told to sign at once."},
	{Name: EventKeyRetired, Doc: "A signing key was given its end."},
}

// The names of Events.
const (
	EventKeyMade      auth.Event = "key-made"
	EventKeyActivated auth.Event = "key-activated"
	EventKeyRetired   auth.Event = "key-retired"
)
