package core

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// strangersWait is how long an answer to somebody without a session takes at
// least, as in the original.
const strangersWait = 500 * time.Millisecond

type sendVerificationInput struct {
	Email       string  `json:"email" check:"email"`
	CallbackURL *string `json:"callbackURL"`
}

// sendVerificationEmail mails the link that proves an address. Somebody without
// a session gets the same answer for every address.
func (c *Core) sendVerificationEmail(ctx context.Context, call *api.Call, in sendVerificationInput) (statusOutput, error) {
	if !c.auth.Config.EmailVerification.SendVerificationEmail {
		return statusOutput{}, errVerificationMailOff
	}
	if err := c.auth.FindSession(ctx, call); err != nil {
		return statusOutput{}, err
	}
	switch {
	case call.Session == nil:
		err := c.mailStranger(ctx, call, strings.ToLower(in.Email), textOf(in.CallbackURL))
		return statusOutput{Status: err == nil}, err
	case !strings.EqualFold(call.User.Email, in.Email):
		return statusOutput{}, errEmailMismatch
	case call.User.EmailVerified:
		return statusOutput{}, errAlreadyVerified
	}
	err := c.askForProof(ctx, call, call.User, true, textOf(in.CallbackURL))
	return statusOutput{Status: err == nil}, err
}

// mailStranger does the same for every address, and lets as much time pass.
func (c *Core) mailStranger(ctx context.Context, call *api.Call, email, callback string) error {
	end := time.NewTimer(strangersWait)
	defer end.Stop()
	user, err := c.auth.Store.UserByEmail(ctx, email)
	if errors.Is(err, store.ErrNotFound) {
		user, err = &store.User{ID: strings.Repeat("0", 32), Email: email, EmailVerified: true}, nil
	}
	if err == nil {
		err = c.askForProof(ctx, call, user, !user.EmailVerified, callback)
	}
	select {
	case <-end.C:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// askForProof is auth.MailVerification for a client who has asked for it.
func (c *Core) askForProof(ctx context.Context, call *api.Call, user *store.User, somebody bool, callback string) error {
	return c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := tx.NoteIf(ctx, somebody, c.auth.Note(call, auth.EventEmailVerificationAsked).About(user.ID)); err != nil {
			return err
		}
		return c.auth.MailVerification(ctx, tx, user, somebody, callback)
	})
}
