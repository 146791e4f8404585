package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type verifyPasswordInput struct {
	Password string `json:"password"`
}

// verifyPassword tells whether a password is the caller's.
func (c *Core) verifyPassword(ctx context.Context, call *api.Call, in verifyPasswordInput) (statusOutput, error) {
	if err := c.auth.CheckPasswordSize(in.Password); err != nil {
		return statusOutput{}, err
	}
	account, err := c.auth.Store.Credential(ctx, call.User.ID)
	if errors.Is(err, store.ErrNotFound) {
		account, err = &store.Account{}, nil
	}
	if err == nil {
		err = c.checkPassword(ctx, call, account, in.Password)
	}
	return statusOutput{Status: err == nil}, err
}

// checkPassword refuses a password that is not the one of the caller's account, in
// which the hash is then as it is stored.
func (c *Core) checkPassword(ctx context.Context, call *api.Call, account *store.Account, password string) error {
	proven, err := c.auth.AttemptPassword(ctx, call, strings.ToLower(call.User.Email), password,
		func(context.Context) (auth.Stored, error) {
			return auth.Stored{UserID: call.User.ID, Hash: textOf(account.Password)}, nil
		})
	switch {
	case err != nil:
		return err
	case proven == "":
		return c.auth.Fail(ctx, call, auth.EventPasswordCheck, call.User.ID, errInvalidPassword)
	}
	account.Password = &proven
	return nil
}

type changePasswordInput struct {
	NewPassword         string `json:"newPassword"`
	CurrentPassword     string `json:"currentPassword"`
	RevokeOtherSessions *bool  `json:"revokeOtherSessions"`
}

type changePasswordOutput struct {
	Token *string    `json:"token"`
	User  api.Object `json:"user" model:"user"`
}

// changePassword replaces the caller's password. With revokeOtherSessions the
// caller goes on with a new session and every other one has ended.
func (c *Core) changePassword(ctx context.Context, call *api.Call, in changePasswordInput) (changePasswordOutput, error) {
	user := call.User
	out := changePasswordOutput{User: c.auth.UserOutput(user)}
	account, err := c.provenCredential(ctx, call, in)
	if err != nil {
		return changePasswordOutput{}, err
	}
	hash, err := c.auth.HashPassword(ctx, call, in.NewPassword)
	if err != nil {
		return changePasswordOutput{}, err
	}
	var session *store.Session
	if in.RevokeOtherSessions != nil && *in.RevokeOtherSessions {
		if session, err = c.auth.NewSession(ctx, call, user, true); err != nil {
			return changePasswordOutput{}, err
		}
	}
	err = c.auth.Store.InTx(ctx, func(tx *store.Store) error { return c.replacePassword(ctx, tx, call, account, hash, session) })
	if err != nil || session == nil {
		return out, err
	}
	c.auth.Reenter(call, session, user)
	out.Token = &session.Token
	return out, nil
}

// provenCredential checks both passwords of the input and gives the account.
func (c *Core) provenCredential(ctx context.Context, call *api.Call, in changePasswordInput) (*store.Account, error) {
	if err := c.auth.CheckNewPassword(in.NewPassword); err != nil {
		return nil, err
	}
	return c.ownCredential(ctx, call, in.CurrentPassword)
}

// ownCredential gives the credential account of the caller, whose password it
// must be.
func (c *Core) ownCredential(ctx context.Context, call *api.Call, password string) (*store.Account, error) {
	if err := c.auth.CheckPasswordSize(password); err != nil {
		return nil, err
	}
	account, err := c.auth.Store.Credential(ctx, call.User.ID)
	if err != nil {
		return nil, ifNotFound(err, errCredentialNotFound)
	}
	if textOf(account.Password) == "" {
		return nil, errCredentialNotFound
	}
	return account, c.checkPassword(ctx, call, account, password)
}

// replacePassword sets the password if it is still the one that was proven, so
// that of several changes at once one succeeds. The session, where there is
// one, takes the place of every other.
func (c *Core) replacePassword(ctx context.Context, tx *store.Store, call *api.Call, proven *store.Account, hash string, session *store.Session) error {
	user, err := tx.LockUser(ctx, proven.UserID)
	if err != nil {
		return ifNotFound(err, errCredentialNotFound)
	}
	account, err := tx.Credential(ctx, proven.UserID)
	if err != nil {
		return ifNotFound(err, errCredentialNotFound)
	}
	if account.ID != proven.ID || account.Password == nil || *account.Password != *proven.Password {
		return errInvalidPassword
	}
	noting := tx.Noting(c.auth.Note(call, auth.EventPasswordChanged))
	if _, err := noting.UpdateAccount(ctx, account.ID, c.auth.PasswordIs(hash)...); err != nil {
		return err
	}
	if err := c.auth.TakeBack(ctx, tx, user); err != nil || session == nil {
		return err
	}
	return c.replaceSessions(ctx, tx, call, session)
}

// replaceSessions ends every session of the caller, and begins a new one.
func (c *Core) replaceSessions(ctx context.Context, tx *store.Store, call *api.Call, session *store.Session) error {
	revoking := tx.Noting(c.auth.Note(call, auth.EventSessionRevoked).With("which", "all"))
	if _, err := revoking.DeleteUserSessions(ctx, session.UserID); err != nil {
		return err
	}
	return c.auth.KeepSession(ctx, tx.Noting(c.auth.Entry(call, auth.EventSignIn)), call, session)
}
