package core

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// updateInput is any object: the configuration says which of its members count.
type updateInput struct {
	Fields api.Rest
}

// userUpdate and sessionUpdate are the members that have a meaning.
type userUpdate struct {
	Name  *string  `json:"name" doc:"The user's name."`
	Image *string  `json:"image" null:"true" doc:"The address of a picture, or null for none."`
	Rest  api.Rest `model:"user" rest:"change"`
}

type sessionUpdate struct {
	Rest api.Rest `model:"session" rest:"change"`
}

type updateSessionOutput struct {
	Session api.Object `json:"session" model:"session"`
}

// updateUser changes name, image and further fields of the caller. Whatever a
// client sends for a text is stored as text, as in the original.
func (c *Core) updateUser(ctx context.Context, call *api.Call, in updateInput) (statusOutput, error) {
	if api.IsTruthy(in.Fields["email"]) {
		return statusOutput{}, errEmailCannotBeUpdated
	}
	changes, err := c.auth.UserChanges(in.Fields)
	if err != nil {
		return statusOutput{}, err
	}
	for _, name := range []string{"image", "name"} {
		if v, given := in.Fields[name]; given {
			changes = append(changes, store.Change{Field: name, Value: auth.Text(v)})
		}
	}
	if len(changes) == 0 {
		return statusOutput{}, errNoFieldsToUpdate
	}
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventUserUpdated).With("fields", fieldsOf(changes)))
	changes = append(changes, store.Change{Field: "updatedAt", Value: c.auth.Time()})
	user, err := c.auth.UpdateUser(ctx, noting, call, call.User.ID, changes...)
	if taken := c.auth.Taken(ctx, err); taken != nil {
		return statusOutput{}, taken
	}
	if err != nil {
		return statusOutput{}, c.notUpdated(call, err, errFailedToUpdateUser)
	}
	c.auth.Reenter(call, call.Session, user)
	return statusOutput{Status: true}, nil
}

// updateSession changes further fields of the caller's session.
func (c *Core) updateSession(ctx context.Context, call *api.Call, in updateInput) (*updateSessionOutput, error) {
	changes, err := c.auth.SessionChanges(in.Fields)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, errNoFieldsToUpdate
	}
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventSessionUpdated).With("fields", fieldsOf(changes)))
	changes = append(changes, store.Change{Field: "updatedAt", Value: c.auth.Time()})
	session, err := noting.UpdateSession(ctx, call.Session.Token, changes...)
	if err != nil {
		return nil, c.notUpdated(call, err, errFailedToUpdateSession)
	}
	c.auth.Reenter(call, session, call.User)
	return &updateSessionOutput{Session: c.auth.SessionOutput(session)}, nil
}

// fieldsOf names what is changed.
func fieldsOf(changes []store.Change) []string {
	names := make([]string, len(changes))
	for i, change := range changes {
		names[i] = change.Field
	}
	return names
}

// notUpdated answers for a failed update. A row that is gone took the session
// along.
func (c *Core) notUpdated(call *api.Call, err error, refused *api.Error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		c.auth.ClearSessionCookies(call)
		return auth.ErrFailedToGetSession
	case errors.Is(err, store.ErrRejected), errors.Is(err, store.ErrDuplicate):
		return refused.WithCause(err)
	}
	return err
}
