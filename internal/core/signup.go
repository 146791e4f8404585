package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type signUpInput struct {
	Name        string   `json:"name"`
	Email       string   `json:"email" check:"email"`
	Password    string   `json:"password" check:"nonempty"`
	Image       *string  `json:"image"`
	CallbackURL *string  `json:"callbackURL"`
	RememberMe  *bool    `json:"rememberMe"`
	Rest        api.Rest `model:"user"` // fields that the configuration adds to users
}

type signUpOutput struct {
	Token *string    `json:"token"`
	User  api.Object `json:"user" model:"user"`
}

func (c *Core) signUp(ctx context.Context, call *api.Call, in signUpInput) (signUpOutput, error) {
	cfg := &c.auth.Config.EmailAndPassword
	if !cfg.Enabled || cfg.DisableSignUp {
		return signUpOutput{}, auth.ErrPasswordSignUpOff
	}
	if err := c.auth.CheckNewPassword(in.Password); err != nil {
		return signUpOutput{}, err
	}
	user, err := c.newUser(in)
	if err != nil {
		return signUpOutput{}, err
	}
	owner, err := c.auth.Store.UserByEmail(ctx, user.Email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		owner = nil
	case err != nil:
		return signUpOutput{}, err
	case !c.discreet():
		return signUpOutput{}, auth.ErrUserAlreadyExists
	}
	// The hash is made before the transaction begins, which would otherwise
	// hold a connection while it waits for a slot.
	hash, err := c.auth.HashPassword(ctx, call, in.Password)
	if err != nil {
		return signUpOutput{}, err
	}
	return c.register(ctx, call, in, newcomer{user: user, hash: hash, owner: owner})
}

// discreet tells whether sign-up never signs in. Then its answer does not tell
// either whether the address has an account.
func (c *Core) discreet() bool {
	cfg := &c.auth.Config.EmailAndPassword
	return cfg.RequireEmailVerification || !*cfg.AutoSignIn
}

func (c *Core) newUser(in signUpInput) (*store.User, error) {
	id, err := c.auth.NewID()
	if err != nil {
		return nil, err
	}
	further, err := c.auth.NewUserFields(in.Rest)
	if err != nil {
		return nil, err
	}
	now := c.auth.Time()
	return &store.User{
		ID: id, Name: in.Name, Email: strings.ToLower(in.Email), Image: in.Image,
		CreatedAt: now, UpdatedAt: now, Extra: further,
	}, nil
}

// newcomer is who signs up.
type newcomer struct {
	user *store.User
	hash string
	// owner is the user who has the address already.
	owner *store.User
}

// register stores user, account and session together, or nothing.
func (c *Core) register(ctx context.Context, call *api.Call, in signUpInput, n newcomer) (signUpOutput, error) {
	remember := in.RememberMe == nil || *in.RememberMe
	var session *store.Session
	if !c.discreet() {
		var err error
		if session, err = c.auth.NewSession(ctx, call, n.user, remember); err != nil {
			return signUpOutput{}, err
		}
	}
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if session == nil {
			return c.insertDiscreetly(ctx, tx, call, n, textOf(in.CallbackURL))
		}
		if err := c.insert(ctx, tx, call, n.user, n.hash, nil); err != nil {
			return err
		}
		session.UserID = n.user.ID
		if err := c.auth.KeepSession(ctx, tx.Noting(c.auth.Entry(call, auth.EventSignUp)), call, session); err != nil {
			return err
		}
		return c.greet(ctx, tx, n.user, textOf(in.CallbackURL))
	})
	if err != nil {
		return c.notRegistered(ctx, call, in, n, err)
	}
	if session == nil {
		return signUpOutput{User: c.auth.UserOutput(n.user)}, nil
	}
	c.auth.Enter(call, session, n.user, remember)
	return signUpOutput{Token: &session.Token, User: c.auth.UserOutput(n.user)}, nil
}

// insertDiscreetly asks the same of the database, and sends as many messages,
// whether the address has an owner or not. Where it has, the rows are written
// under another address and taken back, so that what the database would refuse
// is refused too, and what it would fill in is filled in.
func (c *Core) insertDiscreetly(ctx context.Context, tx *store.Store, call *api.Call, n newcomer, callback string) error {
	err := tx.Rehearse(ctx, n.owner == nil, func(tx *store.Store) error {
		if n.owner == nil {
			return c.insert(ctx, tx, call, n.user, n.hash, c.auth.Note(call, auth.EventSignUp))
		}
		stand := *n.user
		stand.Email += " " // which no address has
		err := c.insert(ctx, tx, call, &stand, n.hash, c.auth.Note(call, auth.EventSignUp))
		*n.user = stand
		n.user.Email = strings.TrimSuffix(stand.Email, " ")
		return err
	})
	switch {
	case err != nil:
		return err
	case n.owner == nil:
		return c.greet(ctx, tx, n.user, callback)
	case c.auth.Config.EmailAndPassword.OnExistingUserSignUp:
		return c.auth.Send(ctx, tx, c.auth.Notice("onExistingUserSignUp", n.owner))
	case c.greets():
		return c.auth.SendNobody(ctx, tx)
	}
	return nil
}

// insert stores a user and an account with the password, and the note with them.
func (c *Core) insert(ctx context.Context, tx *store.Store, call *api.Call, user *store.User, hash string, note *store.Note) error {
	if err := c.auth.CreateUser(ctx, tx, call, user); err != nil {
		return err
	}
	account, err := c.auth.NewCredential(user.ID, hash, user.CreatedAt)
	if err != nil {
		return err
	}
	return tx.Noting(note).CreateAccount(ctx, account)
}

// greets tells whether a new user is asked to prove the address.
func (c *Core) greets() bool {
	cfg := &c.auth.Config.EmailVerification
	if cfg.SendOnSignUp != nil {
		return *cfg.SendOnSignUp && cfg.SendVerificationEmail
	}
	return c.auth.Config.EmailAndPassword.RequireEmailVerification && cfg.SendVerificationEmail
}

// greet asks a new user to prove the address, where that is wanted.
func (c *Core) greet(ctx context.Context, tx *store.Store, user *store.User, callback string) error {
	switch {
	case c.greets():
		return c.auth.MailVerification(ctx, tx, user, true, callback)
	case c.discreet() && c.auth.Config.EmailAndPassword.OnExistingUserSignUp:
		return c.auth.SendNobody(ctx, tx)
	}
	return nil
}

// notRegistered answers for a failed insert. A request that lost the race for
// an address is answered as one that came later.
func (c *Core) notRegistered(ctx context.Context, call *api.Call, in signUpInput, n newcomer, err error) (signUpOutput, error) {
	duplicate := errors.Is(err, store.ErrDuplicate)
	if !duplicate && !errors.Is(err, store.ErrRejected) {
		return signUpOutput{}, err
	}
	if taken := c.auth.Taken(ctx, err); taken != nil {
		return signUpOutput{}, taken
	}
	if duplicate && n.owner == nil {
		owner, found := c.auth.Store.UserByEmail(ctx, n.user.Email)
		switch {
		case found == nil && c.discreet():
			n.owner = owner
			return c.register(ctx, call, in, n)
		case found == nil:
			return signUpOutput{}, auth.ErrUserAlreadyExists
		case !errors.Is(found, store.ErrNotFound):
			return signUpOutput{}, found
		}
	}
	return signUpOutput{}, auth.ErrFailedToCreateUser.WithCause(err)
}
