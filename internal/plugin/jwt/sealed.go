package jwt

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/auth"
)

// sealed counts the keys that sign, or will, by the secret that they are encrypted
// under. The others are needed for their public halves alone.
func (j *JWT) sealed(ctx context.Context) ([]auth.Sealed, error) {
	if j.cfg.JWKS.DisablePrivateKeyEncryption {
		return nil, nil
	}
	keys, err := j.ring.keys.List(ctx)
	if err != nil {
		return nil, err
	}
	var out []auth.Sealed
	for i := range keys {
		if state := keys[i].State; state == stateSigning || state == stateWaiting {
			out = append(out, auth.Sealed{One: "signing key", Many: "signing keys", Tag: keys[i].Tag, Count: 1})
		}
	}
	return out, nil
}
