package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// userInput names the user that something is done to.
type userInput struct {
	UserID api.Coerced `json:"userId" doc:"The user's id."`
}

type userOutput struct {
	User api.Object `json:"user" model:"user"`
}

// userRow documents an answer that is a user.
type userRow struct {
	_ struct{} `model:"user"`
}

type getUserInput struct {
	ID string `json:"id" doc:"The user's id."`
}

func (a *Admin) getUser(ctx context.Context, c *api.Call, in getUserInput) (api.Object, error) {
	if err := a.require(c, "user", "get"); err != nil {
		return nil, err
	}
	user, err := a.find(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.auth.UserOutput(user), nil
}

// find gives the user that an administrator means.
func (a *Admin) find(ctx context.Context, id string) (*store.User, error) {
	user, err := a.auth.Store.UserByID(ctx, id)
	return user, orNotFound(err)
}

// orNotFound is the answer to who looked for a user that there is not.
func orNotFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errUserNotFound.WithCause(err)
	}
	return err
}

type setRoleInput struct {
	UserID api.Coerced `json:"userId" doc:"The user's id."`
	Role   api.Texts   `json:"role" doc:"The user's new role, or a list of them."`
}

// setRole gives a user other roles.
func (a *Admin) setRole(ctx context.Context, c *api.Call, in setRoleInput) (userOutput, error) {
	if err := a.require(c, "user", "set-role"); err != nil {
		return userOutput{}, err
	}
	if err := a.checkRoles(in.Role.Values); err != nil {
		return userOutput{}, err
	}
	user, err := a.find(ctx, string(in.UserID))
	if err != nil {
		return userOutput{}, err
	}
	role := strings.Join(in.Role.Values, ",")
	noting := a.auth.Store.Noting(a.auth.Note(c, auth.EventUserRoleSet).About(user.ID).With("role", short(role)))
	user, err = a.auth.UpdateUser(ctx, noting, c, user.ID, a.now(store.Change{Field: "role", Value: role})...)
	if err != nil {
		return userOutput{}, notUpdated(err)
	}
	return userOutput{a.auth.UserOutput(user)}, nil
}

// checkRoles refuses roles that the configuration does not have. Where it has
// none, every text is a role, which allows nothing unless it is one of the two
// that there are by default.
func (a *Admin) checkRoles(names []string) error {
	for _, name := range names {
		if _, known := a.cfg.Roles[name]; a.cfg.Roles != nil && !known {
			return errNoSuchRole
		}
	}
	return nil
}

// now adds the time of the change to changes.
func (a *Admin) now(changes ...store.Change) []store.Change {
	return append(changes, store.Change{Field: "updatedAt", Value: a.auth.Time()})
}

// notUpdated answers for an update that failed.
func notUpdated(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errUserNotFound
	case errors.Is(err, store.ErrRejected), errors.Is(err, store.ErrDuplicate):
		return errNotUpdated.WithCause(err)
	}
	return err
}

// maxDetail is how much of a text that a client chose the audit log keeps, in
// bytes.
const maxDetail = 256

func short(text string) string {
	if len(text) > maxDetail {
		text = text[:maxDetail]
	}
	return strings.ToValidUTF8(text, "")
}
