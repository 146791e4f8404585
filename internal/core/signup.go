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
	Rest        api.Rest // fields that the configuration adds to users
}

type signUpOutput struct {
	Token *string    `json:"token"`
	User  api.Object `json:"user"`
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
	_, err = c.auth.Store.UserByEmail(ctx, user.Email)
	switch {
	case err == nil:
		return c.taken(ctx, user, in.Password)
	case !errors.Is(err, store.ErrNotFound):
		return signUpOutput{}, err
	}
	// The hash is made before the transaction begins, which would otherwise
	// hold a connection while it waits for a slot.
	hash, err := c.auth.HashPassword(ctx, in.Password)
	if err != nil {
		return signUpOutput{}, err
	}
	return c.register(ctx, call, user, hash, in.RememberMe == nil || *in.RememberMe)
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

// taken answers a sign-up for an address that has an account. Where sign-up
// never signs in, the answer is that of a new user, so that addresses cannot be
// probed; a password is hashed so that it takes as long.
func (c *Core) taken(ctx context.Context, user *store.User, password string) (signUpOutput, error) {
	if *c.auth.Config.EmailAndPassword.AutoSignIn {
		return signUpOutput{}, auth.ErrUserAlreadyExists
	}
	if err := c.auth.Passwords.DummyHash(ctx, password); err != nil {
		return signUpOutput{}, err
	}
	return c.pretend(ctx, user)
}

// register stores user, account and session together, or nothing.
func (c *Core) register(ctx context.Context, call *api.Call, user *store.User, hash string, remember bool) (signUpOutput, error) {
	account, err := c.credential(user, hash)
	if err != nil {
		return signUpOutput{}, err
	}
	var session *store.Session
	if *c.auth.Config.EmailAndPassword.AutoSignIn {
		if session, err = c.auth.NewSession(call, user.ID, remember); err != nil {
			return signUpOutput{}, err
		}
	}
	if err := c.insert(ctx, user, account, session); err != nil {
		return c.notRegistered(ctx, user, err)
	}
	if session == nil {
		return signUpOutput{User: c.auth.UserOutput(user)}, nil
	}
	c.auth.Enter(call, session, user, remember)
	return signUpOutput{Token: &session.Token, User: c.auth.UserOutput(user)}, nil
}

func (c *Core) credential(user *store.User, hash string) (*store.Account, error) {
	id, err := c.auth.NewID()
	if err != nil {
		return nil, err
	}
	return &store.Account{
		ID: id, AccountID: user.ID, ProviderID: store.CredentialProvider, UserID: user.ID,
		Password: &hash, CreatedAt: user.CreatedAt, UpdatedAt: user.CreatedAt,
	}, nil
}

func (c *Core) insert(ctx context.Context, user *store.User, account *store.Account, session *store.Session) error {
	return c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := tx.CreateUser(ctx, user); err != nil {
			return err
		}
		account.AccountID, account.UserID = user.ID, user.ID // which the database may have made
		if err := tx.CreateAccount(ctx, account); err != nil {
			return err
		}
		if session == nil {
			return nil
		}
		session.UserID = user.ID
		return tx.CreateSession(ctx, session)
	})
}

// notRegistered answers for a failed insert. A request that lost the race for
// an address is answered as one that came later.
func (c *Core) notRegistered(ctx context.Context, user *store.User, err error) (signUpOutput, error) {
	if errors.Is(err, store.ErrRejected) {
		return signUpOutput{}, auth.ErrFailedToCreateUser.WithCause(err)
	}
	if !errors.Is(err, store.ErrDuplicate) {
		return signUpOutput{}, err
	}
	switch _, found := c.auth.Store.UserByEmail(ctx, user.Email); {
	case errors.Is(found, store.ErrNotFound): // another unique value is taken
		return signUpOutput{}, auth.ErrFailedToCreateUser.WithCause(err)
	case found != nil:
		return signUpOutput{}, found
	case *c.auth.Config.EmailAndPassword.AutoSignIn:
		return signUpOutput{}, auth.ErrUserAlreadyExists
	default:
		return c.pretend(ctx, user)
	}
}

// pretend answers a sign-up for an address that has an account as that of a
// new user. The user is inserted under another address and taken back, so that
// whatever the database would refuse is refused here too, and what it would
// fill in is filled in.
func (c *Core) pretend(ctx context.Context, user *store.User) (signUpOutput, error) {
	stand := *user
	stand.Email += " " // which no address has
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := tx.CreateUser(ctx, &stand); err != nil {
			return err
		}
		return errPretended
	})
	switch {
	case errors.Is(err, store.ErrRejected), errors.Is(err, store.ErrDuplicate):
		return signUpOutput{}, auth.ErrFailedToCreateUser.WithCause(err)
	case !errors.Is(err, errPretended):
		return signUpOutput{}, err
	}
	stand.Email = user.Email
	return signUpOutput{User: c.auth.UserOutput(&stand)}, nil
}

// errPretended takes an insert back.
var errPretended = errors.New("not to be kept")
