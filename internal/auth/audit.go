package auth

import (
	"context"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Event is something that the audit log tells of, and the metric
// sallyport_auth_events_total counts. Those of a plugin are constants of the
// plugin and stand in its Plugin.Events, so that they are documented and tested
// as these are.
type Event string

// EventKind tells what an event is, for the guide.
type EventKind struct {
	Name Event
	// Doc says in a sentence when it happens.
	Doc string
}

// Events are those of users, sessions and login methods.
var Events = []EventKind{
	{EventSignUp, "Somebody signed up."},
	{EventSignIn, "Somebody signed in, or got another session: by a link that proves the address, or in place of the old ones when the password was changed. Failure: a wrong password or an unknown address. Refused: too many attempts, or an address that is not proven."},
	{EventSignOut, "Somebody ended the session in use."},
	{EventSessionRevoked, "A user ended one session, the others or all (`details.which`), or a new password did."},
	{EventSessionUpdated, "A user changed fields of the session (`details.fields`)."},
	{EventPasswordCheck, "Somebody in a session gave a wrong password (failure), or tried too often (refused)."},
	{EventPasswordChanged, "A user replaced the password, knowing the old one."},
	{EventPasswordResetAsked, "A link for a new password was mailed."},
	{EventPasswordReset, "A new password was set by such a link."},
	{EventEmailVerificationAsked, "A link that proves the address was mailed on demand."},
	{EventEmailVerified, "An address was proven."},
	{EventEmailChangeAsked, "A link that changes the address was mailed."},
	{EventEmailChangeConfirmed, "The owner of the old address agreed to its change."},
	{EventEmailChanged, "A user has another address."},
	{EventUserCreated, "An administrator made a user, or `sallyport user create` or `sallyport user import` did (`details.import`)."},
	{EventUserRoleSet, "An administrator gave a user other roles (`details.role`), or `sallyport user set-role` did."},
	{EventUserPasswordSet, "An administrator gave a user another password, or `sallyport user set-password` did."},
	{EventUserUpdated, "A user changed the profile (`details.fields`)."},
	{EventUserDeletionAsked, "A link that deletes the user was mailed."},
	{EventUserDeleted, "A user was deleted, with sessions and login methods."},
	{EventAccountLinked, "A login method of a provider was added to a user who exists (`details.provider`)."},
	{EventAccountUnlinked, "A user removed a login method (`details.provider`)."},
}

// The names of Events.
const (
	EventSignUp                 Event = "sign-up"
	EventSignIn                 Event = "sign-in"
	EventSignOut                Event = "sign-out"
	EventSessionRevoked         Event = "session-revoked"
	EventSessionUpdated         Event = "session-updated"
	EventPasswordCheck          Event = "password-check"
	EventPasswordChanged        Event = "password-changed"
	EventPasswordResetAsked     Event = "password-reset-asked"
	EventPasswordReset          Event = "password-reset"
	EventEmailVerificationAsked Event = "email-verification-asked"
	EventEmailVerified          Event = "email-verified"
	EventEmailChangeAsked       Event = "email-change-asked"
	EventEmailChangeConfirmed   Event = "email-change-confirmed"
	EventEmailChanged           Event = "email-changed"
	EventUserCreated            Event = "user-created"
	EventUserRoleSet            Event = "user-role-set"
	EventUserPasswordSet        Event = "user-password-set"
	EventUserUpdated            Event = "user-updated"
	EventUserDeletionAsked      Event = "user-deletion-asked"
	EventUserDeleted            Event = "user-deleted"
	EventAccountLinked          Event = "account-linked"
	EventAccountUnlinked        Event = "account-unlinked"
)

// What became of an event.
const (
	outcomeSuccess = "success"
	// outcomeFailure is that of somebody who could not prove to be who they said.
	outcomeFailure = "failure"
	// outcomeRefused is that of what was not allowed, whoever asked.
	outcomeRefused = "refused"
)

// How the server was asked to do something.
const (
	ViaHTTP    = "http"
	ViaCommand = "command" // of somebody with the configuration in hand
	ViaServer  = "server"  // by itself
)

// maxAgent is how much of a user agent the log keeps, in bytes: a flood of long
// ones is not to fill the disk.
const maxAgent = 256

// Note begins the row of the audit log that tells of an event: who did it in
// which session, and from where, are taken from the call, which is nil where
// there is none. The rest is for the caller to say (store.Note), who writes it
// with what happens:
//
//	a.Store.Noting(a.Note(c, EventSignOut)).DeleteSession(ctx, token) // in the statement
//	tx.Note(ctx, a.Note(c, EventPasswordReset).About(userID))         // in the transaction
func (a *Auth) Note(c *api.Call, e Event) *store.Note {
	n := &store.Note{At: a.Now().UTC(), Event: string(e), Outcome: outcomeSuccess, Via: a.via}
	n.ID, n.Err = secure.NewTimeUUID(a.Rand, n.At)
	if c == nil {
		return n
	}
	n.Via, n.Route, n.Address, n.RequestID = ViaHTTP, c.Route.Path, c.Address, c.RequestID
	n.UserAgent = shortened(c.Header("User-Agent"))
	if c.Session != nil && c.User != nil {
		n.ActorID, n.SessionID, n.UserID = c.User.ID, c.Session.ID, c.User.ID
		for _, annotate := range a.annotations {
			annotate(c, n)
		}
	}
	return n
}

// Entry is Note of somebody who enters or leaves a session, whose row says who
// that is.
func (a *Auth) Entry(c *api.Call, e Event) *store.Note {
	n := a.Note(c, e)
	n.Self = true
	return n
}

// Fail notes that somebody could not prove to be the user with that id, which is
// empty where there is none, and gives the error to answer with. An unknown user
// is as much work as a known one.
func (a *Auth) Fail(ctx context.Context, c *api.Call, e Event, userID string, reason *api.Error) error {
	return a.answer(ctx, a.Failure(c, e, userID, reason), reason)
}

// Failure is the note of Fail, for whom writes it in a transaction.
func (a *Auth) Failure(c *api.Call, e Event, userID string, reason *api.Error) *store.Note {
	n := a.Note(c, e).About(userID)
	n.Outcome, n.Reason = outcomeFailure, reason.Code
	return n
}

// Refuse notes that what was asked for is not allowed, whoever asks, and gives
// the error to answer with.
func (a *Auth) Refuse(ctx context.Context, c *api.Call, e Event, userID string, reason *api.Error) error {
	n := a.Note(c, e).About(userID)
	n.Outcome, n.Reason = outcomeRefused, reason.Code
	return a.answer(ctx, n, reason)
}

func (a *Auth) answer(ctx context.Context, n *store.Note, reason *api.Error) error {
	if err := a.Store.Note(ctx, n); err != nil {
		return err
	}
	return reason
}

// shortened cuts a user agent to what is kept of it.
func shortened(agent string) string {
	if len(agent) <= maxAgent {
		return agent
	}
	return strings.ToValidUTF8(agent[:maxAgent], "")
}
