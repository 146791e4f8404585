package username

import (
	"context"
	"fmt"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// readProfile gives the names that a provider says their normal form before they are
// checked, as in the original: a user name that comes alone is shown in it too.
func (u *Username) readProfile(said api.Rest) {
	for field, normal := range map[string]func(string) string{nameField: u.rules.normal, displayField: u.rules.displayNormal} {
		if text, is := said[field].(string); is {
			said[field] = normal(text)
		}
	}
}

// beforeCreate holds the names of a new user to the rules and stores them in
// their normal form.
func (u *Username) beforeCreate(ctx context.Context, tx *store.Store, c *api.Call, user *store.User) error {
	if err := u.checkTexts(c); err != nil {
		return err
	}
	name := u.name.Text(user)
	display := ""
	if u.displays {
		display = u.display.Text(user)
	}
	if name != "" {
		if err := u.checkUnseen(ctx, tx, c, name, display, ""); err != nil {
			return err
		}
		u.name.Set(user, u.rules.normal(name))
		if display == "" {
			display = name
		}
	}
	if u.displays && display != "" {
		u.display.Set(user, u.rules.displayNormal(display))
	}
	return nil
}

// beforeUpdate does the same with changed names.
func (u *Username) beforeUpdate(ctx context.Context, tx *store.Store, c *api.Call, id string, changes []store.Change) ([]store.Change, error) {
	name, given := changed(changes, nameField)
	display, shown := changed(changes, displayField)
	if !given && !shown {
		return changes, nil
	}
	if err := u.checkTexts(c); err != nil {
		return nil, err
	}
	if given {
		if err := u.checkKept(ctx, tx, c, id, name); err != nil {
			return nil, err
		}
	}
	if name != "" {
		if err := u.checkUnseen(ctx, tx, c, name, display, id); err != nil {
			return nil, err
		}
	}
	changes = slices.Clone(changes)
	replace(changes, nameField, u.rules.normal)
	if u.displays {
		replace(changes, displayField, u.rules.displayNormal)
	}
	return changes, nil
}

// changed gives the text that a field becomes, which is empty for none, and
// whether it changes.
func changed(changes []store.Change, field string) (text string, given bool) {
	for _, change := range changes {
		if change.Field == field {
			text, _ = change.Value.(string)
			given = true
		}
	}
	return text, given
}

func replace(changes []store.Change, field string, by func(string) string) {
	for i, change := range changes {
		if text, isText := change.Value.(string); isText && change.Field == field {
			changes[i].Value = by(text)
		}
	}
}

// hooked tells whether checkNames has seen the names of a call.
func hooked(c *api.Call) bool {
	return c != nil && (c.Route.Path == signUpPath || c.Route.Path == updatePath)
}

// checkUnseen does what checkNames does with names that come another way, for the
// user with that id, which is empty for a new one.
func (u *Username) checkUnseen(ctx context.Context, tx *store.Store, c *api.Call, name, display, id string) error {
	if hooked(c) {
		return nil
	}
	if err := u.allowed(name); err != nil {
		return err
	}
	if id != "" && c != nil && c.User != nil {
		id = c.User.ID // as in the original: whoever asks is who may have the name
	}
	if err := u.checkTaken(ctx, tx, u.rules.normal(name), id); err != nil {
		return err
	}
	if display == "" {
		return nil
	}
	return u.rules.checkDisplay(display)
}

// allowed refuses what may be nobody's user name.
func (u *Username) allowed(name string) error {
	if wrong := u.rules.check(name); wrong != nil {
		return wrong
	}
	return nil
}

// checkKept refuses another name, and none, to a user who has to keep theirs. It
// looks at the row, so that it holds whatever checkNames has known of the caller.
func (u *Username) checkKept(ctx context.Context, tx *store.Store, c *api.Call, id, name string) error {
	if !u.immutable || c == nil || c.Route.Path != updatePath {
		return nil
	}
	user, err := tx.UserByID(ctx, id)
	if err != nil {
		return err
	}
	if u.keeps(user, u.rules.normal(name)) {
		return errImmutable
	}
	return nil
}

// checkTexts refuses names of other types than texts, which checkNames leaves
// alone. What is stored of one would have been checked by nobody.
func (u *Username) checkTexts(c *api.Call) error {
	if !hooked(c) {
		return nil
	}
	if v := c.BodyField(nameField); v != nil && !isText(v) {
		return fmt.Errorf("%w: a user name that is no text", store.ErrRejected)
	}
	if v := c.BodyField(displayField); u.displays && u.rules.textOnly && v != nil && !isText(v) {
		return fmt.Errorf("%w: a name to show that is no text", store.ErrRejected)
	}
	return nil
}

func isText(v any) bool {
	_, is := v.(string)
	return is
}

// taken tells whether it was the user name that kept a user from being written:
// of two who asked for it at once, one comes later.
func (u *Username) taken(ctx context.Context, id string, values []store.Change) error {
	name, _ := changed(values, nameField)
	if name == "" {
		return nil
	}
	return u.checkTaken(ctx, u.auth.Store, name, id)
}
