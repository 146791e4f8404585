package auth

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// PasswordSignIn is somebody at a door that a password opens.
type PasswordSignIn struct {
	// Identify gives the identifier of Attempt: the user's address in its normal
	// form, or what the client sent where nobody is meant by it.
	Identify func(context.Context) (string, error)
	// Find gives the user and the hash of their password, nil where they have
	// none, or store.ErrNotFound.
	Find     func(context.Context) (*store.User, *string, error)
	Password string
	// Wrong is answered whatever does not fit.
	Wrong       *api.Error
	RememberMe  *bool
	CallbackURL *string
}

// SignInOutput is the answer to who has signed in.
type SignInOutput struct {
	Redirect bool       `json:"redirect"`
	Token    string     `json:"token"`
	URL      *string    `json:"url,omitempty"`
	User     api.Object `json:"user" model:"user"`
}

// SignInWithPassword signs in whoever knows the password. It is every door with
// one: what differs is how the user is found and what a wrong one is told.
func (a *Auth) SignInWithPassword(ctx context.Context, c *api.Call, s PasswordSignIn) (SignInOutput, error) {
	user, hash, err := a.checkCredentials(ctx, c, s)
	if err != nil {
		return SignInOutput{}, err
	}
	if a.Config.EmailAndPassword.RequireEmailVerification && !user.EmailVerified {
		return SignInOutput{}, a.unproven(ctx, c, user, s.CallbackURL)
	}
	// Hashing takes its time: a password that was replaced meanwhile signs nobody
	// in, nor does it lead to a gate.
	session, err := a.signIn(ctx, c, Entrant{user, s.RememberMe == nil || *s.RememberMe}, proof{hash: hash, wrong: s.Wrong})
	if err != nil {
		a.onward(c, err, s.CallbackURL)
		return SignInOutput{}, err
	}
	return a.welcome(c, session, user, s.CallbackURL), nil
}

// checkCredentials gives the user whose password it is, and the hash that was
// proven. One password is hashed whoever asks, so that time tells nothing about
// who exists.
func (a *Auth) checkCredentials(ctx context.Context, c *api.Call, s PasswordSignIn) (user *store.User, hash string, err error) {
	place, err := a.Passwords.Enter(c.Address)
	if err != nil {
		return nil, "", err
	}
	defer place.Leave()
	identifier, err := s.Identify(ctx)
	if err != nil {
		return nil, "", err
	}
	id := ""
	hash, err = a.attemptPassword(ctx, c, place, identifier, s.Password, func(ctx context.Context) (Stored, error) {
		found, stored, err := s.Find(ctx)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return Stored{}, nil
		case err != nil:
			return Stored{}, err
		}
		user, id = found, found.ID
		if stored == nil {
			return Stored{UserID: id}, nil
		}
		return Stored{id, *stored}, nil
	})
	switch {
	case err != nil:
		return nil, "", err
	case hash == "":
		return nil, "", a.Fail(ctx, c, EventSignIn, id, s.Wrong)
	}
	return user, hash, nil
}

// unproven refuses a user with the right password whose address is not proven,
// and mails the link where that is wanted.
func (a *Auth) unproven(ctx context.Context, c *api.Call, user *store.User, callback *string) error {
	cfg := &a.Config.EmailVerification
	if cfg.SendVerificationEmail && cfg.SendOnSignIn {
		target := ""
		if callback != nil {
			target = *callback
		}
		if err := a.MailVerification(ctx, a.Store, user, true, target); err != nil {
			return err
		}
	}
	return a.Refuse(ctx, c, EventSignIn, user.ID, ErrEmailNotVerified)
}

// onward tells a client with a callbackURL where it wanted to go where a gate has
// something to ask first, as the original does.
func (a *Auth) onward(c *api.Call, err error, callback *string) {
	if api.IsInstead(err) && callback != nil && *callback != "" {
		c.SetLocation(a.RedirectTarget(*callback))
	}
}

// welcome tells a client with a callbackURL where to go. The origin check has
// already refused targets that are not trusted.
func (a *Auth) welcome(c *api.Call, s *store.Session, user *store.User, callback *string) SignInOutput {
	out := SignInOutput{Token: s.Token, URL: callback, User: a.UserOutput(user)}
	if callback != nil && *callback != "" {
		target := a.RedirectTarget(*callback)
		out.Redirect, out.URL = true, &target
		c.SetLocation(target)
	}
	return out
}
