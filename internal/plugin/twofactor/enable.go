package twofactor

import (
	"cmp"
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// The methods of a second factor, as clients and the audit log name them.
const (
	methodTOTP   = "totp"
	methodOTP    = "otp"
	methodBackup = "backup-code"
)

type enableInput struct {
	Password string  `json:"password" doc:"The user's password."`
	Method   *string `json:"method" enum:"otp,totp" doc:"An authenticator app, which is the default, or codes that are sent."`
	Issuer   *string `json:"issuer" doc:"The name that the authenticator app shows."`
}

type enablePasswordlessInput struct {
	Password *string `json:"password" doc:"The user's password; who has none leaves it out."`
	Method   *string `json:"method" enum:"otp,totp" doc:"An authenticator app, which is the default, or codes that are sent."`
	Issuer   *string `json:"issuer" doc:"The name that the authenticator app shows."`
}

type enableOutput struct {
	Method      string   `json:"method" doc:"totp or otp."`
	TOTPURI     string   `json:"totpURI,omitempty" doc:"What the authenticator app reads."`
	BackupCodes []string `json:"backupCodes,omitempty" doc:"Codes for the case that the app is lost, each good for once."`
}

// enabling is what a client asks of /two-factor/enable.
type enabling struct {
	password       *string
	method, issuer string
}

func (t *TwoFactor) enableRoute(passwordless bool) api.Route {
	opts := []api.Option{
		api.Doc("Sets up a second factor. One of an authenticator app counts from the first right code on."),
		api.Fails(errInvalidPassword, errOTPNotConfigured, errTOTPNotOffered, errTOTPAlreadyEnabled),
	}
	const path = "/two-factor/enable"
	if passwordless {
		return api.POST(path, api.Sensitive, func(ctx context.Context, c *api.Call, in enablePasswordlessInput) (enableOutput, error) {
			return t.enable(ctx, c, enabling{in.Password, textOf(in.Method), textOf(in.Issuer)})
		}, opts...)
	}
	return api.POST(path, api.Sensitive, func(ctx context.Context, c *api.Call, in enableInput) (enableOutput, error) {
		return t.enable(ctx, c, enabling{&in.Password, textOf(in.Method), textOf(in.Issuer)})
	}, opts...)
}

func textOf(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

func (t *TwoFactor) enable(ctx context.Context, c *api.Call, in enabling) (enableOutput, error) {
	if err := t.prove(ctx, c, in.password, t.cfg.AllowPasswordless); err != nil {
		return enableOutput{}, err
	}
	switch {
	case in.method == methodOTP && !t.cfg.OTPOptions.SendOTP:
		return enableOutput{}, errOTPNotConfigured
	case in.method == methodOTP:
		return enableOutput{Method: methodOTP}, t.inTx(ctx, func(tx *store.Store) (func(), error) { return t.enableOTP(ctx, tx, c) })
	case t.cfg.TOTPOptions.Disable:
		return enableOutput{}, errTOTPNotOffered
	}
	return t.enableTOTP(ctx, c, cmp.Or(in.issuer, t.cfg.Issuer, t.auth.Config.AppName))
}

// inTx runs do in a transaction, and what it gives once everything is stored.
func (t *TwoFactor) inTx(ctx context.Context, do func(*store.Store) (after func(), err error)) error {
	var after func()
	err := t.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
		after, err = do(tx)
		return err
	})
	if err == nil && after != nil {
		after()
	}
	return err
}

// enableOTP turns the second factor on for codes that are sent, which need nothing
// else.
func (t *TwoFactor) enableOTP(ctx context.Context, tx *store.Store, c *api.Call) (after func(), err error) {
	if after, err = t.switchTo(ctx, tx, c, true); err != nil {
		return nil, err
	}
	return after, tx.Note(ctx, t.auth.Note(c, EventEnabled).With("method", methodOTP))
}

// enableTOTP gives the caller a secret and backup codes.
func (t *TwoFactor) enableTOTP(ctx context.Context, c *api.Call, issuer string) (enableOutput, error) {
	secret, stored, err := t.newSecret()
	if err != nil {
		return enableOutput{}, err
	}
	codes, storedCodes, err := t.newBackupCodes()
	if err != nil {
		return enableOutput{}, err
	}
	err = t.inTx(ctx, func(tx *store.Store) (func(), error) {
		return t.keep(ctx, tx, c, db.TwoFactorInsertParams{
			Secret: stored, BackupCodes: storedCodes, UserId: c.User.ID, Verified: &t.cfg.SkipVerificationOnEnable,
		})
	})
	if err != nil {
		return enableOutput{}, err
	}
	return enableOutput{Method: methodTOTP, TOTPURI: t.totp().uri([]byte(secret), issuer, c.User.Email), BackupCodes: codes}, nil
}

// keep stores a secret in the place of one that has not shown a right code yet.
// Where none has to be shown, the second factor is on.
func (t *TwoFactor) keep(ctx context.Context, tx *store.Store, c *api.Call, in db.TwoFactorInsertParams) (after func(), err error) {
	if _, err := tx.LockUser(ctx, in.UserId); err != nil {
		return nil, gone(err)
	}
	r, err := find(ctx, tx, in.UserId)
	if err != nil {
		return nil, err
	}
	if r != nil && isSetUp(r) {
		return nil, errTOTPAlreadyEnabled
	}
	if t.cfg.SkipVerificationOnEnable {
		if after, err = t.switchTo(ctx, tx, c, true); err != nil {
			return nil, err
		}
		if err := tx.Note(ctx, t.auth.Note(c, EventEnabled).With("method", methodTOTP)); err != nil {
			return nil, err
		}
	}
	if r != nil {
		return after, tx.TwoFactorReplace(ctx, db.TwoFactorReplaceParams{ID: r.ID, Secret: in.Secret, BackupCodes: in.BackupCodes, Verified: in.Verified})
	}
	if in.ID, err = t.newID(ctx, tx); err != nil {
		return nil, err
	}
	return after, tx.TwoFactorInsert(ctx, in)
}

// newID gives the id of a row, from the database where it numbers them.
func (t *TwoFactor) newID(ctx context.Context, tx *store.Store) (string, error) {
	id, err := t.auth.NewID()
	if err == nil && id == "" {
		return tx.NextID(ctx, "twoFactor")
	}
	return id, err
}
