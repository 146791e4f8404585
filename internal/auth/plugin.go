package auth

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// Plugin is what one feature adds to the server. Only ID is required.
type Plugin struct {
	// ID is the name of the plugin's options.
	ID string
	// Routes are the endpoints it answers.
	Routes []api.Route
	// Before may change a call or end it; After may replace the answer.
	Before, After []Hook
	// Records are its steps before rows of users and sessions are written.
	Records RecordHooks
	// Gate stands between what a user has proven and the session; the zero value
	// lets everybody through.
	Gate Gate
	// Events are what its routes and its work write to the audit log, beside those
	// of this package.
	Events []EventKind
	// Annotate may add details to what the audit log tells of a call in a session.
	Annotate func(c *api.Call, n *store.Note)
	// Resign sends what an older secret has signed again, signed by the current
	// one, in a session whose own cookie is sent again for that reason.
	Resign func(context.Context, *api.Call) error
	// Sealed tells what it has stored encrypted and still needs; nil where it stores
	// nothing so.
	Sealed func(context.Context) ([]Sealed, error)
	// Expiring are tables of our own that it keeps things in for a while: their
	// rows are deleted when they have ended.
	Expiring []sweep.Table
	// RateLimits are stricter or looser than the global limit for some paths.
	RateLimits []ratelimit.Rule
	// Start begins what the plugin does beside the requests, after every plugin
	// has been made. Whoever only checks a configuration does not call it.
	Start func(context.Context) error
	// Close ends that; it may be called without Start.
	Close func()
}

// Hook is a step before or after a handler.
type Hook = api.Hook

// Attach adds what plugins put into the steps of this package. It is called once,
// with every plugin in its order, before the first call.
func (a *Auth) Attach(plugins []Plugin) {
	for _, p := range plugins {
		a.records = append(a.records, p.Records)
		if p.Annotate != nil {
			a.annotations = append(a.annotations, p.Annotate)
		}
		if p.Resign != nil {
			a.resigners = append(a.resigners, p.Resign)
		}
		if p.Gate.Pass != nil {
			a.gates = append(a.gates, p.Gate)
		}
	}
}
