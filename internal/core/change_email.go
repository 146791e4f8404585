package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type changeEmailInput struct {
	NewEmail    string  `json:"newEmail" check:"email" doc:"The address to change to."`
	CallbackURL *string `json:"callbackURL" doc:"Where the link in the mail leads to."`
}

// changeEmail changes the address of the caller, or sends the mail that leads
// to it. An address that is taken gets the same answer after the same work, so
// that addresses cannot be probed.
func (c *Core) changeEmail(ctx context.Context, call *api.Call, in changeEmailInput) (statusOutput, error) {
	if !c.auth.Config.User.ChangeEmail.Enabled {
		return statusOutput{}, errChangeEmailOff
	}
	change := emailChange{to: strings.ToLower(in.NewEmail), callback: textOf(in.CallbackURL)}
	var changed *store.User
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
		changed = nil
		// The row stays as it is found here until the end: an address that is
		// proven meanwhile is not replaced without proof.
		change.user, err = tx.LockUser(ctx, call.User.ID)
		if err != nil {
			return err
		}
		changed, err = c.change(ctx, tx, call, change)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound): // the user is gone meanwhile
		return statusOutput{}, api.ErrUnauthorized
	case errors.Is(err, store.ErrRejected):
		return statusOutput{}, errFailedToUpdateUser.WithCause(err)
	case err != nil:
		return statusOutput{}, err
	case changed != nil:
		c.auth.Reenter(call, call.Session, changed)
	}
	return statusOutput{Status: true}, nil
}

// emailChange is a wish for another address.
type emailChange struct {
	user         *store.User
	to, callback string
}

// change gives the user if the address was changed at once.
func (c *Core) change(ctx context.Context, tx *store.Store, call *api.Call, e emailChange) (*store.User, error) {
	if e.to == e.user.Email {
		return nil, errSameEmail
	}
	sends := c.auth.Config.EmailVerification.SendVerificationEmail
	atOnce := c.auth.Config.User.ChangeEmail.UpdateEmailWithoutVerification && !e.user.EmailVerified
	if !atOnce && !sends {
		return nil, errNoVerificationMail
	}
	_, err := tx.UserByEmail(ctx, e.to)
	free := errors.Is(err, store.ErrNotFound)
	if err != nil && !free {
		return nil, err
	}
	if atOnce {
		return c.changeAtOnce(ctx, tx, call, e, free)
	}
	if err := tx.NoteIf(ctx, free, c.auth.Note(call, auth.EventEmailChangeAsked)); err != nil {
		return nil, err
	}
	return nil, c.mailChange(ctx, tx, e, free)
}

// changeAtOnce replaces an address that was never proven by another one, which
// is not proven either. Of two users who want the same one gets it.
func (c *Core) changeAtOnce(ctx context.Context, tx *store.Store, call *api.Call, e emailChange, free bool) (*store.User, error) {
	to := e.to
	if !free {
		id, err := c.auth.NewID()
		if err != nil {
			return nil, err
		}
		to = id + "@taken.invalid" // written and taken back, for the sake of equal work
	}
	err := tx.Rehearse(ctx, free, func(tx *store.Store) error {
		noting := tx.Noting(c.auth.Note(call, auth.EventEmailChanged))
		_, err := c.auth.UpdateUser(ctx, noting, call, e.user.ID, store.Change{Field: "email", Value: to}, store.Change{Field: "updatedAt", Value: c.auth.Time()})
		if err != nil {
			return err
		}
		return c.auth.TakeBack(ctx, tx, e.user)
	})
	if free = free && err == nil; err != nil && !errors.Is(err, store.ErrDuplicate) {
		return nil, err
	}
	changed := *e.user
	changed.Email = e.to
	if c.auth.Config.EmailVerification.SendVerificationEmail {
		if err := c.auth.MailVerification(ctx, tx, &changed, free, e.callback); err != nil {
			return nil, err
		}
	}
	if !free {
		return nil, nil
	}
	return &changed, nil
}

// mailChange asks the old address, if that is proven and to be asked, and else
// the new one.
func (c *Core) mailChange(ctx context.Context, tx *store.Store, e emailChange, free bool) error {
	claims := auth.EmailClaims{Email: e.user.Email, UpdateTo: e.to, RequestType: auth.VerifyChange, UserID: e.user.ID}
	confirm := c.auth.Config.User.ChangeEmail.SendChangeEmailConfirmation && e.user.EmailVerified
	if confirm {
		claims.RequestType = auth.ConfirmChange
	}
	link, err := c.auth.NewEmailLink(claims, e.callback, c.auth.EmailLinkLife())
	if err != nil {
		return err
	}
	if confirm {
		return c.auth.SendIf(ctx, tx, free, c.auth.LinkMessage("sendChangeEmailConfirmation", e.user, link, api.Member{Key: "newEmail", Value: e.to}))
	}
	to := *e.user
	to.Email = e.to
	return c.auth.SendIf(ctx, tx, free, c.auth.VerificationMessage(&to, link))
}
