package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type createUserInput struct {
	Email    string      `json:"email" doc:"The address."`
	Password *string     `json:"password" doc:"The password; a user without one signs in by other ways only."`
	Name     string      `json:"name" doc:"The name."`
	Role     *api.Texts  `json:"role" doc:"The role, or a list of them; default is defaultRole."`
	Data     *api.Record `json:"data" doc:"Further fields of the user."`
}

// createUser makes a user, with a password where one is given. Nobody is signed
// in and nothing is mailed.
func (a *Admin) createUser(ctx context.Context, c *api.Call, in createUserInput) (userOutput, error) {
	data := api.Record{}
	if in.Data != nil {
		data = *in.Data
	}
	role, err := a.mayCreate(c, in, data)
	if err != nil {
		return userOutput{}, err
	}
	email, hash, err := a.checkNew(ctx, c, in)
	if err != nil {
		return userOutput{}, err
	}
	user, err := a.newUser(in, email, role, data)
	if err != nil {
		return userOutput{}, err
	}
	err = a.auth.Store.InTx(ctx, func(tx *store.Store) error { return a.insert(ctx, tx, c, user, hash, data) })
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return userOutput{}, a.taken(ctx, email, err)
	case errors.Is(err, store.ErrRejected):
		return userOutput{}, auth.ErrFailedToCreateUser.WithCause(err)
	case err != nil:
		return userOutput{}, err
	}
	return userOutput{a.auth.UserOutput(user)}, nil
}

// mayCreate checks the permissions that it takes, and gives the role, which is nil
// where none is asked for.
func (a *Admin) mayCreate(c *api.Call, in createUserInput, data api.Record) (role any, err error) {
	if err := a.require(c, "user", "create"); err != nil {
		return nil, err
	}
	if v, given := data["role"]; given || in.Role != nil {
		if err := a.require(c, "user", "set-role"); err != nil {
			return nil, err
		}
		if in.Role == nil {
			role, err = a.rolesIn(v)
		} else {
			role, err = strings.Join(in.Role.Values, ","), a.checkRoles(in.Role.Values)
		}
		if err != nil {
			return nil, err
		}
	}
	if hasAny(data, banFields...) {
		if err := a.require(c, "user", "ban"); err != nil {
			return nil, err
		}
	}
	// An id is what everything else is told apart by, permissions too.
	if hasAny(data, "id") {
		return nil, errIDStays
	}
	return role, nil
}

// checkNew gives the address and, where there is a password, its hash, which is
// made before any transaction begins.
func (a *Admin) checkNew(ctx context.Context, c *api.Call, in createUserInput) (email, hash string, err error) {
	email = strings.ToLower(in.Email)
	if !api.IsEmail(email) {
		return "", "", auth.ErrInvalidEmail
	}
	if in.Password != nil && *in.Password != "" {
		if err := a.auth.CheckPasswordSize(*in.Password); err != nil {
			return "", "", err
		}
	}
	if _, err := a.auth.Store.UserByEmail(ctx, email); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = errUserExists
		}
		return "", "", err
	}
	if in.Password != nil && *in.Password != "" {
		hash, err = a.auth.HashPassword(ctx, c, *in.Password)
	}
	return email, hash, err
}

func (a *Admin) newUser(in createUserInput, email string, role any, data api.Record) (*store.User, error) {
	id, err := a.auth.NewID()
	if err != nil {
		return nil, err
	}
	now := a.auth.Time()
	u := &store.User{ID: id, Name: in.Name, Email: email, CreatedAt: now, UpdatedAt: now, Extra: a.newFields(data)}
	a.role.Set(u, role)
	return u, nil
}

// insert stores a user and the password. Fields of the core in data are written as
// an update writes them, so that the database reads their values.
func (a *Admin) insert(ctx context.Context, tx *store.Store, c *api.Call, u *store.User, hash string, data api.Record) error {
	if err := a.auth.CreateUser(ctx, tx, c, u); err != nil {
		return err
	}
	var changes []store.Change
	for _, name := range []string{"emailVerified", "image", "createdAt", "updatedAt"} {
		if v, given := data[name]; given {
			changes = append(changes, store.Change{Field: name, Value: a.auth.UserFields().Field(name).Encode(v)})
		}
	}
	if len(changes) > 0 {
		updated, err := a.auth.UpdateUser(ctx, tx, c, u.ID, changes...)
		if err != nil {
			return err
		}
		*u = *updated
	}
	if err := tx.Note(ctx, a.auth.Note(c, auth.EventUserCreated).About(u.ID).With("role", short(a.role.Text(u)))); err != nil || hash == "" {
		return err
	}
	account, err := a.auth.NewCredential(u.ID, hash, a.auth.Time())
	if err != nil {
		return err
	}
	return tx.CreateAccount(ctx, account)
}

// taken answers for a value that somebody else has: the address, unless nobody
// has that.
func (a *Admin) taken(ctx context.Context, email string, cause error) error {
	_, err := a.auth.Store.UserByEmail(ctx, email)
	switch {
	case err == nil:
		return errUserExists
	case errors.Is(err, store.ErrNotFound):
		return auth.ErrFailedToCreateUser.WithCause(cause)
	}
	return err
}
