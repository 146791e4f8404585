package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

const (
	// resetPurpose begins the identifier of a reset token.
	resetPurpose     = "reset-password:"
	resetTokenLength = 24
)

type requestResetInput struct {
	Email      string  `json:"email" check:"email"`
	RedirectTo *string `json:"redirectTo"`
}

type requestResetOutput struct {
	Status  bool   `json:"status"`
	Message string `json:"message"`
}

// requestReset mails a reset link. Nothing about the answer tells whether the
// address has an account.
func (c *Core) requestReset(ctx context.Context, call *api.Call, in requestResetInput) (requestResetOutput, error) {
	if !c.auth.Config.EmailAndPassword.SendResetPassword {
		return requestResetOutput{}, errResetOff
	}
	email := strings.ToLower(in.Email)
	user, err := c.auth.Store.UserByEmail(ctx, email)
	known := err == nil
	if errors.Is(err, store.ErrNotFound) {
		user, err = &store.User{Email: email}, nil
	}
	if err == nil {
		err = c.mailReset(ctx, call, user, known, textOf(in.RedirectTo))
	}
	if err != nil {
		return requestResetOutput{}, err
	}
	return requestResetOutput{
		Status: true, Message: "If this email exists in our system, check your email for the reset link",
	}, nil
}

// mailReset stores a token and mails the link with it, or does all of that for
// nobody.
func (c *Core) mailReset(ctx context.Context, call *api.Call, user *store.User, known bool, redirectTo string) error {
	token, err := secure.RandomString(c.auth.Rand, secure.Alphanumeric, resetTokenLength)
	if err != nil {
		return err
	}
	url := c.auth.BaseURL + "/reset-password/" + token + "?callbackURL=" + api.EncodeURIComponent(redirectTo)
	life := c.auth.Config.EmailAndPassword.ResetPasswordTokenExpiresIn.Std()
	return c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		link := auth.Link{URL: url, Token: token}
		err := tx.Rehearse(ctx, known, func(tx *store.Store) error {
			noting := tx.Noting(c.auth.Note(call, auth.EventPasswordResetAsked).About(user.ID))
			v, err := c.auth.KeepVerification(ctx, noting, resetPurpose+token, user.ID, life)
			if err == nil {
				link.ExpiresAt = v.ExpiresAt
			}
			return err
		})
		if err != nil {
			return err
		}
		return c.auth.SendIf(ctx, tx, known, c.auth.LinkMessage("sendResetPassword", user, link))
	})
}

type resetLinkInput struct {
	CallbackURL string `json:"callbackURL"`
}

// followReset is where the mailed link leads: on to the page of the application
// that asks for the new password. It leaves the token as it is.
func (c *Core) followReset(ctx context.Context, call *api.Call, in resetLinkInput) (api.Redirect, error) {
	if err := c.auth.CheckCallback(call, in.CallbackURL); err != nil {
		return "", err
	}
	if in.CallbackURL == "" {
		return c.resetPage(c.auth.BaseURL+"/error", "error", errResetToken.Code)
	}
	target := c.auth.RedirectTarget(in.CallbackURL)
	token := call.Request.PathValue("token")
	_, err := c.auth.Verification(ctx, resetPurpose+token)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.resetPage(target, "error", errResetToken.Code)
	case err != nil:
		return "", err
	}
	return c.resetPage(target, "token", token)
}

func (c *Core) resetPage(target, name, value string) (api.Redirect, error) {
	to, err := origin.SetQuery(c.auth.Origin, target, origin.Pair{Name: name, Value: value})
	return api.Redirect(to), err
}

type resetInput struct {
	NewPassword string  `json:"newPassword"`
	Token       *string `json:"token"`
}

// resetPassword sets a new password for whoever holds a reset token.
func (c *Core) resetPassword(ctx context.Context, call *api.Call, in resetInput) (statusOutput, error) {
	token, err := resetToken(call, in)
	if err != nil {
		return statusOutput{}, err
	}
	if err := c.auth.CheckNewPassword(in.NewPassword); err != nil {
		return statusOutput{}, err
	}
	userID, err := c.userOfReset(ctx, token)
	if err != nil {
		return statusOutput{}, err
	}
	// Before the transaction, which would hold a connection while it waits.
	hash, err := c.auth.HashPassword(ctx, call, in.NewPassword)
	if err != nil {
		return statusOutput{}, err
	}
	err = c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		return c.reset(ctx, tx, call, proof{userID: userID, token: token, hash: hash})
	})
	return statusOutput{Status: err == nil}, err
}

// resetToken gives the token of the body, else of the query.
func resetToken(call *api.Call, in resetInput) (string, error) {
	token := textOf(in.Token)
	query := call.QueryField("token")
	text, ok := query.(string)
	switch {
	case query != nil && !ok:
		return "", api.ErrQueryText("token", query)
	case token == "":
		token = text
	}
	if token == "" {
		return "", errResetToken
	}
	return token, nil
}

func (c *Core) userOfReset(ctx context.Context, token string) (string, error) {
	v, err := c.auth.Verification(ctx, resetPurpose+token)
	if err == nil {
		_, err = c.auth.Store.UserByID(ctx, v.Value)
		return v.Value, ifNotFound(err, errResetUserNotFound)
	}
	return "", ifNotFound(err, errResetToken)
}

// proof is what sets a new password, and the hash of that.
type proof struct{ userID, token, hash string }

// reset takes the token and sets the password, both or neither. Whoever made
// sessions before the address was proven loses them: the mail has proven it
// now.
func (c *Core) reset(ctx context.Context, tx *store.Store, call *api.Call, p proof) error {
	user, err := tx.LockUser(ctx, p.userID)
	if err != nil {
		return ifNotFound(err, errResetUserNotFound)
	}
	if _, err := c.auth.ConsumeVerification(ctx, tx, resetPurpose+p.token); err != nil {
		return ifNotFound(err, errResetToken)
	}
	// The password first: a sign-in with the old one holds on to it until its
	// session is there to be deleted.
	if err := c.auth.SetPassword(ctx, tx.Noting(c.auth.Note(call, auth.EventPasswordReset)), p.userID, p.hash); err != nil {
		return err
	}
	cfg := &c.auth.Config.EmailAndPassword
	if cfg.RevokeSessionsOnReset || !user.EmailVerified {
		revoking := tx.Noting(c.auth.Note(call, auth.EventSessionRevoked).With("which", "all"))
		if _, err := revoking.DeleteUserSessions(ctx, p.userID); err != nil {
			return err
		}
	}
	if err := c.auth.TakeBack(ctx, tx, user); err != nil || !cfg.OnPasswordReset {
		return err
	}
	return c.auth.Send(ctx, tx, c.auth.Notice("onPasswordReset", user))
}
