package social

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// SignInOptions are what a flow decides about a sign-in.
type SignInOptions struct {
	// CallbackURL is where a mail that proves the address leads.
	CallbackURL string
	// DisableSignUp lets only users in who exist.
	DisableSignUp bool
	// OverrideUserInfo writes what the provider says over the user's.
	OverrideUserInfo bool
	// Trusted believes the provider's address as if it were verified; NotByName does
	// not, even if account.accountLinking.trustedProviders has the name.
	Trusted, NotByName bool
}

// Result is a user who is signed in.
type Result struct {
	User    *store.User
	Session *store.Session
	// IsNew tells that the user was made.
	IsNew bool
}

// Refusal says why an identity does not sign in, in the original's words.
type Refusal struct {
	Text string
	// OnErrorPage sends the browser to the error page, whatever page the flow has.
	OnErrorPage bool
}

func (r *Refusal) Error() string { return r.Text }

// Code is the refusal as the error of a redirect.
func (r *Refusal) Code() string { return strings.ReplaceAll(r.Text, " ", "_") }

func refuse(text string) error { return &Refusal{Text: text} }

// errOvertaken says that another request has made what this one was about to make.
var errOvertaken = errors.New("overtaken by another request")

// attempts is how often a sign-in begins anew after it was overtaken.
const attempts = 3

// SignIn lets a provider's user in: as the user whose account it is, as the one
// whose address it is where the options allow that, or as a new one. It makes the
// session and sends the cookies. What refuses is a *Refusal or an *api.Error; an
// error of api.Instead is what a gate answers in the place of the session.
func (s *Social) SignIn(ctx context.Context, c *api.Call, id *Identity, o SignInOptions) (Result, error) {
	for range attempts {
		r, err := s.signIn(ctx, c, id, o)
		if !errors.Is(err, errOvertaken) {
			return r, err
		}
	}
	return Result{}, refuse("unable to create user")
}

func (s *Social) signIn(ctx context.Context, c *api.Call, id *Identity, o SignInOptions) (Result, error) {
	account, err := s.account(ctx, s.auth.Store, id)
	if err != nil {
		return Result{}, err
	}
	if account != nil {
		return s.enterAsOwner(ctx, c, id, o, account)
	}
	user, err := s.auth.Store.UserByEmail(ctx, id.Email())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return s.register(ctx, c, id, o)
	case err != nil:
		return Result{}, err
	case !s.mayJoin(id, o, user):
		return Result{}, refuse("account not linked")
	}
	return s.join(ctx, c, id, o, user)
}

// account finds the account of an identity; nil where there is none.
func (s *Social) account(ctx context.Context, st *store.Store, id *Identity) (*store.Account, error) {
	accounts, err := st.AccountsByKey(ctx, id.ProviderID, id.AccountID)
	switch {
	case err != nil:
		return nil, err
	case len(accounts) > 1: // which of the users it is, nobody can tell
		return nil, &Refusal{errorInternally, true}
	case len(accounts) == 0:
		return nil, nil
	}
	return accounts[0], nil
}

// enterAsOwner lets the user in whose account it is, and keeps the new tokens.
func (s *Social) enterAsOwner(ctx context.Context, c *api.Call, id *Identity, o SignInOptions, account *store.Account) (Result, error) {
	user, err := s.auth.Store.UserByID(ctx, account.UserID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Result{}, refuse("unable to link account")
	case err != nil:
		return Result{}, err
	}
	kept := *account
	err = s.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if *s.auth.Config.Account.UpdateAccountOnSignIn {
			row, err := s.updateTokens(ctx, tx, account, id)
			if err != nil {
				return err
			}
			kept = *row
			kept.UpdatedAt = account.UpdatedAt
		}
		return s.prove(ctx, tx, c, id, user, nil)
	})
	if err != nil {
		return Result{}, err
	}
	s.auth.SetAccountCookie(c, &kept)
	return s.enter(ctx, c, id, o, user)
}

// mayJoin tells whether an identity may become a login method of the user who has
// its address.
func (s *Social) mayJoin(id *Identity, o SignInOptions, user *store.User) bool {
	linking := &s.auth.Config.Account.AccountLinking
	trusted := o.Trusted || !o.NotByName && slices.Contains(linking.TrustedProviders, id.ProviderID)
	return *linking.Enabled && !linking.DisableImplicitLinking &&
		(trusted || id.Info.EmailVerified()) && (user.EmailVerified || !*linking.RequireLocalEmailVerified)
}

// join makes the identity a login method of a user, and lets the user in.
func (s *Social) join(ctx context.Context, c *api.Call, id *Identity, o SignInOptions, user *store.User) (Result, error) {
	account, err := s.newAccount(id)
	if err != nil {
		return Result{}, err
	}
	account.UserID = user.ID
	err = s.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := s.claim(ctx, tx, id); err != nil {
			return err
		}
		note := s.auth.Note(c, auth.EventAccountLinked).About(user.ID).With("provider", id.ProviderID)
		if err := tx.Noting(note).CreateAccount(ctx, account); err != nil {
			return err
		}
		return s.prove(ctx, tx, c, id, user, account)
	})
	switch {
	case errors.Is(err, store.ErrRejected):
		return Result{}, refuse("unable to link account")
	case err != nil:
		return Result{}, err
	}
	s.auth.SetAccountCookie(c, account)
	if s.auth.Config.Account.AccountLinking.UpdateUserInfoOnLink {
		user = s.copyProfile(ctx, c, id, user, named(id))
	}
	return s.enter(ctx, c, id, o, user)
}

// claim makes sure that nobody else makes the account of an identity before the
// transaction ends, nor has made it.
func (s *Social) claim(ctx context.Context, tx *store.Store, id *Identity) error {
	if err := tx.LockAccountKey(ctx, id.ProviderID, id.AccountID); err != nil {
		return err
	}
	account, err := s.account(ctx, tx, id)
	if err == nil && account != nil {
		err = errOvertaken
	}
	return err
}

// enter makes the session of a user who was there before.
func (s *Social) enter(ctx context.Context, c *api.Call, id *Identity, o SignInOptions, user *store.User) (Result, error) {
	if o.OverrideUserInfo {
		var err error
		if user, err = s.override(ctx, c, id, user); err != nil {
			return Result{}, err
		}
	}
	if s.mustProve(id, user) {
		mail := &s.auth.Config.EmailVerification
		if mail.SendVerificationEmail && mail.SendOnSignIn {
			if err := s.auth.MailVerification(ctx, s.auth.Store, user, true, o.CallbackURL); err != nil {
				return Result{}, err
			}
		}
		return Result{}, refuse(errorEmailNotVerified)
	}
	session, err := s.auth.SignInUnasked(ctx, c, user)
	return Result{User: user, Session: session}, err
}

// mustProve tells whether a user is kept out until the address is proven.
func (s *Social) mustProve(id *Identity, user *store.User) bool {
	p := s.Provider(id.ProviderID)
	return p != nil && p.Options.RequireEmailVerified && !user.EmailVerified
}
