package admin

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type updateUserInput struct {
	UserID api.Coerced `json:"userId" doc:"The user's id."`
	Data   api.Record  `json:"data" doc:"The fields to change."`
}

// updateUser changes any field of a user. Some need a permission of their own.
func (a *Admin) updateUser(ctx context.Context, c *api.Call, in updateUserInput) (api.Object, error) {
	if err := a.require(c, "user", "update"); err != nil {
		return nil, err
	}
	switch data := in.Data; {
	case len(data) == 0:
		return nil, errNoData
	case hasAny(data, "password"):
		return nil, errPasswordElsewhere
	case hasAny(data, "id"):
		return nil, errIDStays
	}
	target, err := a.auth.Store.UserByID(ctx, string(in.UserID))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err := a.mayUpdate(ctx, c, target, in.Data); err != nil {
		return nil, err
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, errUserNotFound
	}
	var updated *store.User
	err = a.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
		updated, err = a.update(ctx, tx, c, target, in.Data)
		return err
	})
	if err != nil {
		return nil, notUpdated(err)
	}
	return a.auth.UserOutput(updated), nil
}

// mayUpdate checks what some fields need, in the original's order, and writes role
// and address in data as they are stored. The target is nil where there is none.
func (a *Admin) mayUpdate(ctx context.Context, c *api.Call, target *store.User, data api.Record) error {
	if v, given := data["role"]; given {
		if err := a.require(c, "user", "set-role"); err != nil {
			return err
		}
		role, err := a.rolesIn(v)
		if err != nil {
			return err
		}
		data["role"] = role
	}
	if hasAny(data, banFields...) {
		if err := a.require(c, "user", "ban"); err != nil {
			return err
		}
		if data["banned"] == true && target != nil && target.ID == c.User.ID {
			return errBanOneself
		}
	}
	if hasAny(data, "email", "emailVerified") {
		if err := a.require(c, "user", "set-email"); err != nil {
			return err
		}
		if err := a.checkEmail(ctx, target, data); err != nil {
			return err
		}
	}
	if hasAny(data, "phoneNumber", "phoneNumberVerified") {
		return a.require(c, "user", "set-phone")
	}
	return nil
}

// checkEmail refuses an address that is none, or somebody else's.
func (a *Admin) checkEmail(ctx context.Context, target *store.User, data api.Record) error {
	v, given := data["email"]
	if !given {
		return nil
	}
	email := strings.ToLower(api.Coerce(v))
	if !api.IsEmail(email) {
		return auth.ErrInvalidEmail
	}
	data["email"] = email
	owner, err := a.auth.Store.UserByEmail(ctx, email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case target == nil || owner.ID != target.ID:
		return errUserExists
	}
	return nil
}

// update changes a user, and what hangs on the fields: another address ends the
// links that were mailed, a ban ends the sessions.
func (a *Admin) update(ctx context.Context, tx *store.Store, c *api.Call, target *store.User, data api.Record) (*store.User, error) {
	was, err := tx.LockUser(ctx, target.ID)
	if err != nil {
		return nil, err
	}
	changes := a.changes(data)
	note := a.auth.Note(c, auth.EventUserUpdated).About(was.ID).With("fields", fieldsOf(changes))
	if !hasAny(data, "updatedAt") {
		changes = a.now(changes...)
	}
	user, err := a.auth.UpdateUser(ctx, tx.Noting(note), c, was.ID, changes...)
	if errors.Is(err, store.ErrDuplicate) && user != nil && hasAny(data, "email") {
		return nil, errUserExists.WithCause(err)
	}
	if err != nil {
		return nil, err
	}
	if user.Email != was.Email {
		if err := a.auth.TakeBack(ctx, tx, was); err != nil {
			return nil, err
		}
	}
	return user, a.follow(ctx, tx, c, was, user, data)
}

// follow notes what else has happened, and ends the sessions of who is banned now.
func (a *Admin) follow(ctx context.Context, tx *store.Store, c *api.Call, was, user *store.User, data api.Record) error {
	if hasAny(data, "role") {
		if err := tx.Note(ctx, a.auth.Note(c, auth.EventUserRoleSet).About(user.ID).With("role", short(a.role.Text(user)))); err != nil {
			return err
		}
	}
	banned := a.banned.True(user)
	switch {
	case !hasAny(data, "banned"):
		return nil
	case banned && user.ID == c.User.ID:
		return errBanOneself
	case banned:
		var until *time.Time
		if end := a.banExpires.Time(user); !end.IsZero() {
			until = &end
		}
		if err := tx.Note(ctx, a.banNote(c, user.ID, until)); err != nil {
			return err
		}
		return a.endSessions(ctx, tx, c, user.ID)
	case a.banned.True(was):
		return tx.Note(ctx, a.auth.Note(c, EventUserUnbanned).About(user.ID))
	}
	return nil
}
