package core

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

type verifyEmailInput struct {
	Token       string  `json:"token"`
	CallbackURL *string `json:"callbackURL"`
}

// verifyEmail is where links about an address lead. With a callbackURL the
// browser goes on there, whatever came of it.
func (c *Core) verifyEmail(ctx context.Context, call *api.Call, in verifyEmailInput) (any, error) {
	callback := textOf(in.CallbackURL)
	if err := c.auth.CheckCallback(call, callback); err != nil {
		return nil, err
	}
	out, err := c.followLink(ctx, call, in.Token, callback)
	if callback == "" {
		return out, err
	}
	target := c.auth.RedirectTarget(callback)
	var refusal *api.Error
	switch {
	case errors.As(err, &refusal) && refusal.Status < 500:
		target, err = origin.AppendQuery(target, origin.Pair{Name: "error", Value: refusal.Code})
	case api.IsInstead(err): // there the page finds nobody signed in, and what a gate has sent
		err = nil
	}
	return api.Redirect(target), err
}

func (c *Core) followLink(ctx context.Context, call *api.Call, text, callback string) (api.Object, error) {
	token, err := c.auth.ReadEmailToken(text)
	if err != nil {
		return nil, err
	}
	if token.UpdateTo != "" {
		return c.followChange(ctx, call, token, callback)
	}
	if err := c.proveEmail(ctx, call, token, text); err != nil {
		return nil, err
	}
	return status(api.Member{Key: "user", Value: nil}), nil
}

func status(more ...api.Member) api.Object {
	return append(api.Object{{Key: "status", Value: true}}, more...)
}

// proveEmail marks an address as proven. A link that finds it proven already has
// nothing to do, so that a second click does no harm and signs nobody in.
func (c *Core) proveEmail(ctx context.Context, call *api.Call, token auth.EmailToken, text string) error {
	user, err := c.auth.Store.UserByEmail(ctx, token.Email)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return errNoUser
	case err != nil:
		return err
	case token.UserID != "" && token.UserID != user.ID:
		return auth.ErrInvalidToken
	case user.EmailVerified:
		return nil
	}
	entry, err := c.entryByLink(ctx, call, user)
	if err != nil {
		return err
	}
	entered, err := c.markProven(ctx, call, user, token, text, &entry)
	if err != nil || !entered {
		return err
	}
	if entry.isNew {
		return c.auth.Conclude(call, entry.verdict, entry.session, c.newcomerByLink(call, user))
	}
	proven := *call.User // as the session has it, which may be a copy in a cookie
	proven.EmailVerified = true
	c.auth.Reenter(call, entry.session, &proven)
	return nil
}

// entry is the session that a link leads into under
// autoSignInAfterVerification.
type entry struct {
	session *store.Session // nil where it leads into none
	isNew   bool
	// verdict is what the gates say of a new one.
	verdict auth.Verdict
}

// newcomerByLink is a user who has followed a link to the address.
func (c *Core) newcomerByLink(call *api.Call, user *store.User) auth.Entrant {
	proven := *user
	proven.EmailVerified = true
	return auth.Entrant{User: &proven, Remember: c.auth.Remembered(call)}
}

// entryByLink gives the session that is there, if it is of the address, else a
// new one.
func (c *Core) entryByLink(ctx context.Context, call *api.Call, user *store.User) (entry, error) {
	if !c.auth.Config.EmailVerification.AutoSignInAfterVerification {
		return entry{}, nil
	}
	if err := c.liveSession(ctx, call); err != nil {
		return entry{}, err
	}
	if call.Session != nil && call.User.Email == user.Email {
		return entry{session: call.Session}, nil
	}
	session, err := c.auth.NewSession(ctx, call, user, true)
	return entry{session: session, isNew: true}, err
}

// liveSession finds the session of a call that will send it again.
func (c *Core) liveSession(ctx context.Context, call *api.Call) error {
	if err := c.auth.FindSession(ctx, call); err != nil {
		return err
	}
	return c.auth.Confirm(ctx, call)
}

// markProven changes the user and makes the session, and tells whether the
// caller is to be let in, or to the gates. Of many clicks at once only the first
// one is.
func (c *Core) markProven(ctx context.Context, call *api.Call, found *store.User, token auth.EmailToken, text string, e *entry) (entered bool, err error) {
	userID := found.ID
	err = c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		entered = false
		user, err := tx.LockUser(ctx, userID)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && strings.ToLower(user.Email) != token.Email:
			return errNoUser
		case err != nil || user.EmailVerified:
			return err
		}
		now := c.auth.Time()
		noting := tx.Noting(c.auth.Note(call, auth.EventEmailVerified).About(userID))
		if _, err := c.auth.UpdateUser(ctx, noting, call, userID, store.Change{Field: "emailVerified", Value: true}, store.Change{Field: "updatedAt", Value: now}); err != nil {
			return err
		}
		fresh, err := c.useLink(ctx, tx, userID, token, text)
		if err != nil || !fresh || e.session == nil {
			return err
		}
		entered = true
		if !e.isNew {
			return nil
		}
		if e.verdict, err = c.auth.PassGates(ctx, tx, call, c.newcomerByLink(call, user)); err != nil || e.verdict.Instead != nil {
			return err
		}
		return c.auth.KeepSession(ctx, tx.Noting(c.auth.Entry(call, auth.EventSignIn)), call, e.session)
	})
	return entered, err
}

// useLink remembers a link, and tells whether it may sign in: it has not been
// used before, nor was it mailed before a change of the password or address.
func (c *Core) useLink(ctx context.Context, tx *store.Store, userID string, token auth.EmailToken, text string) (bool, error) {
	hash := sha256.Sum256([]byte(text))
	n, err := tx.AuthUseLink(ctx, db.AuthUseLinkParams{Hash: hash[:], ExpiresAt: time.Unix(token.ExpiresAt, 0)})
	if err != nil {
		return false, err
	}
	ended, err := c.auth.LinksEnded(ctx, tx, userID)
	return n == 1 && !token.Until(ended, false), err
}
