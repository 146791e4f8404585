package core

import (
	"context"
	"maps"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/auth"
)

// sampleSize is how many tokens of each secret are opened to see whether they do.
const sampleSize = 100

// sealed counts the encrypted tokens of accounts by the secret that opens them.
func (c *Core) sealed(ctx context.Context) ([]auth.Sealed, error) {
	if !c.auth.Config.Account.EncryptOAuthTokens {
		return nil, nil
	}
	counts, err := c.auth.Store.CountTokens(ctx)
	if err != nil {
		return nil, err
	}
	var out []auth.Sealed
	for _, tag := range slices.Sorted(maps.Keys(counts)) {
		some, err := c.auth.Store.SampleTokens(ctx, tag, sampleSize)
		if err != nil {
			return nil, err
		}
		s := auth.Sealed{One: "provider's token", Many: "providers' tokens", Tag: tag, Count: counts[tag], Tried: len(some)}
		for _, token := range some {
			if _, err := c.auth.OpenToken(token); err == nil {
				s.Opened++
			}
		}
		out = append(out, s)
	}
	return out, nil
}
