package twofactor

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// A trusted browser carries a ticket in a signed cookie: the MAC of the user's id
// with the identifier of a one-time value that stands for the user, and that
// identifier. It is good for one sign-in, which gives the next one.
const (
	trustPurpose = "trust-device-"
	trustLength  = 32
)

// trust makes a browser one that is not asked again for a while. after sends the
// cookie.
func (t *TwoFactor) trust(ctx context.Context, tx *store.Store, c *api.Call, user *store.User) (after func(), err error) {
	random, err := secure.RandomString(t.auth.Rand, idAlphabet, trustLength)
	if err != nil {
		return nil, err
	}
	id := trustPurpose + random
	if _, err := t.auth.KeepVerification(ctx, tx, id, user.ID, t.cfg.TrustDeviceMaxAge.Std()); err != nil {
		return nil, err
	}
	ticket := t.ticket(user, id)
	return func() { t.auth.SetSigned(c, t.cookies.trust, ticket) }, nil
}

func (t *TwoFactor) ticket(user *store.User, id string) string {
	sum := t.auth.Secrets.MAC([]byte(user.ID + "!" + id))
	return base64.RawURLEncoding.EncodeToString(sum[:]) + "!" + id
}

// resign sends a ticket of the caller again, for as long as it is good for.
func (t *TwoFactor) resign(ctx context.Context, c *api.Call) error {
	old, by := t.auth.SignedBy(c, t.cookies.trust)
	if by != secure.OlderSecret {
		return nil
	}
	id, ok := t.openTicket(old, c.User)
	if !ok { // another user's of the same browser
		return nil
	}
	kept, err := t.auth.Verification(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t.auth.SetSignedUntil(c, t.cookies.trust, t.ticket(c.User, id), kept.ExpiresAt)
	return nil
}

// useTrust takes a ticket, and tells whether it was good for the user. Of several
// sign-ins at once with the same one, one uses it, and the others are asked.
func (t *TwoFactor) useTrust(ctx context.Context, tx *store.Store, ticket string, user *store.User) (bool, error) {
	id, ok := t.openTicket(ticket, user)
	if !ok {
		return false, nil
	}
	err := t.auth.ConsumeVerificationOf(ctx, tx, id, user.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// openTicket gives the identifier that a user's ticket names.
func (t *TwoFactor) openTicket(ticket string, user *store.User) (id string, ok bool) {
	mac, id, ok := strings.Cut(ticket, "!")
	sum, err := base64.RawURLEncoding.DecodeString(mac)
	if !ok || err != nil || !strings.HasPrefix(id, trustPurpose) {
		return "", false
	}
	return id, t.auth.Secrets.VerifyMAC(sum, []byte(user.ID+"!"+id))
}

// distrust ends the trust in every browser of the caller, in the transaction of
// what disables the second factor, and every sign-in that waits. after sends the
// cookies.
func (t *TwoFactor) distrust(ctx context.Context, tx *store.Store, c *api.Call) (after func(), err error) {
	for _, purpose := range []string{trustPurpose, challengePurpose} {
		if err := t.auth.EndVerifications(ctx, tx, c.User.ID, purpose); err != nil {
			return nil, err
		}
	}
	_, carried := t.auth.Signed(c, t.cookies.trust)
	return func() {
		if carried {
			c.ExpireCookie(t.cookies.trust)
		}
	}, nil
}
