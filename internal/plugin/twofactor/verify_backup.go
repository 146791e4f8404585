package twofactor

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

type backupCodeInput struct {
	Code           string `json:"code" check:"own" doc:"The code."`
	DisableSession *bool  `json:"disableSession" doc:"Whether no session is made of it: the sign-in goes on to wait."`
	TrustDevice    *bool  `json:"trustDevice" doc:"Whether this browser is not asked again for a while."`
}

func (t *TwoFactor) verifyBackupCode(ctx context.Context, c *api.Call, in backupCodeInput) (verifyOutput, error) {
	v, err := t.verifier(ctx, c)
	if err != nil {
		return verifyOutput{}, err
	}
	return t.try(ctx, c, v, &proof{
		method: methodBackup, missing: errBackupCodesNotEnabled, limited: true, wrong: errInvalidBackupCode,
		trust: in.TrustDevice != nil && *in.TrustDevice, stay: in.DisableSession != nil && *in.DisableSession,
		check: func(ctx context.Context, tx *store.Store, r *row) (right bool, refusal, err error) {
			right, err = t.spend(ctx, tx, c, v.user.ID, r, in.Code)
			return right, nil, err
		},
	})
}

// spend takes a backup code out of the list of a row.
func (t *TwoFactor) spend(ctx context.Context, tx *store.Store, c *api.Call, userID string, r *row, code string) (bool, error) {
	rest, found := t.withoutCode(r.BackupCodes, code)
	if !found {
		return false, nil
	}
	stored, err := t.storedCodes(rest)
	if err != nil {
		return false, err
	}
	n, err := tx.TwoFactorSetBackupCodes(ctx, db.TwoFactorSetBackupCodesParams{ID: r.ID, Codes: stored, Seen: r.BackupCodes})
	switch {
	case err != nil:
		return false, err
	case n == 0:
		return false, errCodeUsedMeanwhile
	}
	return true, tx.Note(ctx, t.auth.Note(c, EventBackupCodeUsed).About(userID).With("left", len(rest)))
}

type backupCodesOutput struct {
	Status      bool     `json:"status"`
	BackupCodes []string `json:"backupCodes" doc:"The new codes, each good for once."`
}

// generateBackupCodes gives the caller new codes; the old ones have ended.
func (t *TwoFactor) generateBackupCodes(ctx context.Context, c *api.Call, password *string) (backupCodesOutput, error) {
	if !t.enabled.True(c.User) {
		return backupCodesOutput{}, errNotEnabled
	}
	if err := t.prove(ctx, c, password, or(t.cfg.BackupCodeOptions.AllowPasswordless, t.cfg.AllowPasswordless)); err != nil {
		return backupCodesOutput{}, err
	}
	codes, stored, err := t.newBackupCodes()
	if err != nil {
		return backupCodesOutput{}, err
	}
	err = t.inTx(ctx, func(tx *store.Store) (func(), error) {
		r, err := find(ctx, tx, c.User.ID)
		switch {
		case err != nil:
			return nil, err
		case r == nil:
			return nil, errNotEnabled
		}
		if _, err := tx.TwoFactorSetBackupCodes(ctx, db.TwoFactorSetBackupCodesParams{ID: r.ID, Codes: stored, Seen: r.BackupCodes}); err != nil {
			return nil, err
		}
		return nil, tx.Note(ctx, t.auth.Note(c, EventBackupCodesGenerated))
	})
	if err != nil {
		return backupCodesOutput{}, err
	}
	return backupCodesOutput{Status: true, BackupCodes: codes}, nil
}
