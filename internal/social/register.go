package social

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// register makes a user of an identity, with account, session and mail: all of it
// or nothing.
func (s *Social) register(ctx context.Context, c *api.Call, id *Identity, o SignInOptions) (Result, error) {
	if o.DisableSignUp {
		return Result{}, refuse("signup disabled")
	}
	user, err := s.newUser(id)
	if err != nil {
		return Result{}, err
	}
	account, err := s.newAccount(id)
	if err != nil {
		return Result{}, err
	}
	var session *store.Session
	if !s.mustProve(id, user) {
		if session, err = s.auth.NewSession(ctx, c, user, true); err != nil {
			return Result{}, err
		}
	}
	err = s.auth.Store.InTx(ctx, func(tx *store.Store) error {
		return s.insert(ctx, tx, c, id, newcomer{user, account, session, o.CallbackURL})
	})
	if err != nil {
		return Result{}, s.notRegistered(ctx, c, err)
	}
	s.auth.SetAccountCookie(c, account)
	if session == nil {
		return Result{}, refuse(errorEmailNotVerified)
	}
	s.auth.Enter(c, session, user, s.auth.Remembered(c))
	return Result{User: user, Session: session, IsNew: true}, nil
}

// newcomer is who is made. The session is nil where the address must be proven
// first.
type newcomer struct {
	user     *store.User
	account  *store.Account
	session  *store.Session
	callback string
}

func (s *Social) insert(ctx context.Context, tx *store.Store, c *api.Call, id *Identity, n newcomer) error {
	if err := s.claim(ctx, tx, id); err != nil {
		return err
	}
	if err := s.auth.CreateUser(ctx, tx, c, n.user); err != nil {
		return err
	}
	n.account.UserID = n.user.ID
	noting := tx
	if n.session == nil {
		noting = tx.Noting(s.auth.Note(c, auth.EventSignUp).With("provider", id.ProviderID))
	}
	if err := noting.CreateAccount(ctx, n.account); err != nil {
		return err
	}
	if n.session != nil {
		n.session.UserID = n.user.ID
		entry := s.auth.Entry(c, auth.EventSignUp).With("provider", id.ProviderID)
		if err := s.auth.KeepSession(ctx, tx.Noting(entry), c, n.session); err != nil {
			return err
		}
	}
	if !n.user.EmailVerified && s.greets(id) {
		return s.auth.MailVerification(ctx, tx, n.user, true, n.callback)
	}
	return nil
}

// greets tells whether a new user is asked to prove the address.
func (s *Social) greets(id *Identity) bool {
	mail := &s.auth.Config.EmailVerification
	if mail.SendOnSignUp != nil {
		return *mail.SendOnSignUp && mail.SendVerificationEmail
	}
	p := s.Provider(id.ProviderID)
	return p != nil && p.Options.RequireEmailVerified && mail.SendVerificationEmail
}

// notRegistered answers for what was not written. Who was overtaken begins anew,
// and finds what the other request has made.
func (s *Social) notRegistered(ctx context.Context, c *api.Call, err error) error {
	switch {
	case errors.Is(err, store.ErrDuplicate):
		if taken := s.auth.Taken(ctx, err); taken != nil {
			return taken
		}
		return errOvertaken
	case errors.Is(err, store.ErrRejected):
		c.Log.Warn("a provider's user could not be made", "error", err)
		return refuse("unable to create user")
	}
	return err
}
