package twofactor

import (
	"context"
	"maps"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// sampleSize is how many texts of each kind and version are opened to see whether they do.
const sampleSize = 100

// sealed counts second factors by the secret that their own, or their backup codes,
// are encrypted under.
func (t *TwoFactor) sealed(ctx context.Context) ([]auth.Sealed, error) {
	rows, err := t.auth.Store.TwoFactorCountSealed(ctx)
	if err != nil {
		return nil, err
	}
	counts, codes := map[string]int64{}, t.cfg.BackupCodeOptions.StoreBackupCodes != "plain"
	for _, row := range rows {
		counts[row.SecretTag] += row.Rows
		if codes && row.CodesTag != row.SecretTag {
			counts[row.CodesTag] += row.Rows
		}
	}
	var out []auth.Sealed
	for _, tag := range slices.Sorted(maps.Keys(counts)) {
		s := auth.Sealed{One: "second factor", Many: "second factors", Tag: tag, Count: counts[tag]}
		if s.Tried, s.Opened, err = t.sample(ctx, tag, codes); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (t *TwoFactor) sample(ctx context.Context, tag string, codes bool) (tried, opened int, err error) {
	some, err := t.auth.Store.TwoFactorSampleSealed(ctx, db.TwoFactorSampleSealedParams{Tag: tag, Codes: codes, Most: sampleSize})
	for _, text := range some {
		if _, err := t.key(text); err == nil {
			opened++
		}
	}
	return len(some), opened, err
}
