package jwt

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/jose"
)

// cacheType keeps a copy of a session from passing for a token of /token, and
// the other way round (RFC 8725, section 3.11).
const cacheType = "better-auth.session-cache+jwt"

// signCache makes the keys sign the session cookie cache.
func signCache(a *auth.Auth, cfg *Config, r *ring, log *slog.Logger) error {
	if err := a.SignCacheWith(r); err != nil {
		return fmt.Errorf("sessionCookieCache: %w", err)
	}
	age, grace := a.Config.Session.CookieCache.MaxAge, *cfg.JWKS.GracePeriod
	if cfg.JWKS.RotationInterval > 0 && age > grace {
		log.Warn("cookies with a copy of the session may outlive the key that signed them, and then are read from the database",
			"session.cookieCache.maxAge", age, "plugins.jwt.jwks.gracePeriod", grace)
	}
	return nil
}

// SignCache signs what a session_data cookie holds.
func (r *ring) SignCache(ctx context.Context, payload []byte) (string, error) {
	signer, err := r.signer(ctx)
	if err != nil {
		return "", err
	}
	return signer.SignTyped(cacheType, payload)
}

// VerifyCache checks what SignCache signed, here or at another instance, with the
// keys in memory: one that is withdrawn verifies nothing any more, and one that
// is not known here yet makes the session be read from the database once.
func (r *ring) VerifyCache(token string) ([]byte, error) {
	kid, err := jose.KeyID(token)
	if err != nil {
		return nil, err
	}
	now, grace := r.keys.auth.Now(), r.keys.grace()
	keys := r.current.Load().keys
	for i := range keys {
		if k := &keys[i]; k.id == kid && k.verifier != nil && !k.withdrawn(now, grace) {
			return k.verifier.Verify(token, cacheType)
		}
	}
	return nil, fmt.Errorf("%w: no published key has its kid", jose.ErrInvalid)
}

// withdrawn tells whether a key has left the key set.
func (k *key) withdrawn(now time.Time, grace time.Duration) bool {
	return k.expiresAt != nil && !k.expiresAt.Add(grace).After(now)
}
