package username

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// takeDisplayName makes a name to show that came alone the user name too, if it
// may be one.
func (u *Username) takeDisplayName(_ context.Context, c *api.Call) error {
	display, isText := c.BodyField(displayField).(string)
	if isText && !c.HasBodyField(nameField) && u.rules.check(display) == nil {
		c.SetBodyField(nameField, display)
	}
	return nil
}

// checkNames refuses what may not be stored, before anything else of the body is
// looked at.
func (u *Username) checkNames(ctx context.Context, c *api.Call) error {
	if name, isText := c.BodyField(nameField).(string); isText {
		if wrong := u.rules.check(name); wrong != nil {
			return wrong
		}
		if err := u.checkOwner(ctx, c, u.rules.normal(name)); err != nil {
			return err
		}
	}
	if display, isText := c.BodyField(displayField).(string); isText && u.displays {
		return u.rules.checkDisplay(display)
	}
	return nil
}

// checkOwner refuses a name that somebody else has, and another one to a user who
// has to keep theirs. Who the caller is only the database tells, also where a copy
// of the session is in a cookie: the copy may be older than the name.
func (u *Username) checkOwner(ctx context.Context, c *api.Call, name string) error {
	var caller *store.User
	if c.Route.Path == updatePath {
		var err error
		if caller, err = u.auth.Caller(ctx, c); err != nil {
			return err
		}
	}
	if caller != nil && u.immutable && u.keeps(caller, name) {
		return errImmutable
	}
	id := ""
	if caller != nil {
		id = caller.ID
	}
	return u.checkTaken(ctx, u.auth.Store, name, id)
}

// keeps tells whether a user has a name that is not this one.
func (u *Username) keeps(user *store.User, name string) bool {
	have := u.name.Text(user)
	return have != "" && have != name
}

// checkTaken refuses a name that another user has than the one with that id.
func (u *Username) checkTaken(ctx context.Context, s *store.Store, name, id string) error {
	owner, err := u.find(ctx, s, name)
	if err == nil && owner != nil && owner.ID != id {
		return errTaken
	}
	return err
}

// keepTyped makes the user name as it was typed the name to show, where none
// came.
func (u *Username) keepTyped(_ context.Context, c *api.Call) error {
	if name := c.BodyField(nameField); u.displays && api.IsTruthy(name) && !api.IsTruthy(c.BodyField(displayField)) {
		c.SetBodyField(displayField, name)
	}
	return nil
}
