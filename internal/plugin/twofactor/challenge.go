package twofactor

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// A sign-in that waits is a one-time value that stands for the user, under an
// identifier which the browser has in a signed cookie; beside it is the number of
// tries that were made.
const (
	challengePurpose = "2fa-"
	challengeLength  = 20
	triesPurpose     = "2fa-attempts-"
	// challengeTries is how many codes of an app, and backup codes, are compared.
	challengeTries = 5
)

// idAlphabet is that of the random part of identifiers.
const idAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

// challenge is a sign-in that waits for its second factor.
type challenge struct{ id string }

// cookies are those of the plugin.
type cookies struct{ challenge, trust api.Cookie }

func newCookies(a *auth.Auth, cfg *Config) (set cookies, err error) {
	if set.challenge, err = a.NewCookie("two_factor", cfg.TwoFactorCookieMaxAge.Std()); err != nil {
		return set, err
	}
	set.trust, err = a.NewCookie("trust_device", cfg.TrustDeviceMaxAge.Std())
	return set, err
}

// keepChallenge begins a wait for a user's second factor.
func (t *TwoFactor) keepChallenge(ctx context.Context, tx *store.Store, user *store.User) (id string, err error) {
	random, err := secure.RandomString(t.auth.Rand, idAlphabet, challengeLength)
	if err != nil {
		return "", err
	}
	id = challengePurpose + random
	life := t.cfg.TwoFactorCookieMaxAge.Std()
	if _, err := t.auth.KeepVerification(ctx, tx, id, user.ID, life); err != nil {
		return "", err
	}
	_, err = t.auth.KeepVerification(ctx, tx, triesPurpose+id, "0", life)
	return id, err
}

// isChallenge tells the identifier of a sign-in that waits from everything else
// that is signed or stored.
func isChallenge(id string) bool {
	return strings.HasPrefix(id, challengePurpose) && len(id) == len(challengePurpose)+challengeLength
}

// challenge finds the sign-in that waits in the browser of the call.
func (t *TwoFactor) challenge(ctx context.Context, c *api.Call) (*verifier, error) {
	id, by := t.auth.SignedBy(c, t.cookies.challenge)
	if by == secure.NoSecret || !isChallenge(id) {
		return nil, errInvalidCookie
	}
	waiting, err := t.auth.Verification(ctx, id)
	if err != nil {
		return nil, unless(err, errInvalidCookie)
	}
	user, err := t.auth.Store.UserByID(ctx, waiting.Value)
	if err != nil {
		return nil, unless(err, errInvalidCookie)
	}
	if by == secure.OlderSecret {
		t.auth.SetSignedUntil(c, t.cookies.challenge, id, waiting.ExpiresAt)
	}
	return &verifier{user: user, challenge: &challenge{id}}, nil
}

// unless gives the answer where nothing was found.
func unless(err error, missing *api.Error) error {
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	return err
}

// begin takes one more try out of a challenge before anything is compared, in the
// transaction of the try. A refusal is the answer where none is left, which also
// ends the wait; what begin has written then stays.
func (t *TwoFactor) begin(ctx context.Context, tx *store.Store, c *api.Call, ch *challenge) (refusal, err error) {
	_, err = t.auth.CountTry(ctx, tx, triesPurpose+ch.id, challengeTries)
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if _, err := t.auth.ConsumeVerification(ctx, tx, triesPurpose+ch.id); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return errInvalidCookie, nil
		}
		return nil, err
	}
	if _, err := t.auth.ConsumeVerification(ctx, tx, ch.id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	c.ExpireCookie(t.cookies.challenge)
	return errTooManyAttempts, nil
}

// end takes the tries of a challenge away after a right code, of which as many as
// are left must not be guessed.
func (t *TwoFactor) end(ctx context.Context, tx *store.Store, ch *challenge) error {
	_, err := t.auth.ConsumeVerification(ctx, tx, triesPurpose+ch.id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// admit ends a challenge and makes the session that has waited for it, in the
// transaction of the right code. The user is as the database has it now. Whoever
// may have no session any more is refused, and the challenge and the code are
// spent all the same. Cookies are sent once everything is stored; an error undoes
// everything.
func (t *TwoFactor) admit(ctx context.Context, tx *store.Store, c *api.Call, ch *challenge, user *store.User, trust bool, o *outcome) error {
	if err := t.auth.ConsumeVerificationOf(ctx, tx, ch.id, user.ID); err != nil {
		if errors.Is(err, store.ErrNotFound) { // another code was quicker
			c.ExpireCookie(t.cookies.challenge)
			err = errInvalidCookie
		}
		return err
	}
	remember := t.auth.Remembered(c)
	session, err := t.auth.NewSessionIn(ctx, tx, c, user, remember)
	if isRefusal(err) {
		o.compared, o.refusal = false, err // a right code is no failure to be counted
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.auth.KeepSession(ctx, tx.Noting(t.auth.Entry(c, auth.EventSignIn)), c, session); err != nil {
		return err
	}
	also := func() {}
	if trust {
		renewed, err := t.trust(ctx, tx, c, user)
		if err != nil {
			return err
		}
		also = func() { renewed(); t.auth.ForgetForgetting(c) }
	}
	o.out = verifyOutput{Token: &session.Token, User: t.auth.UserOutput(user)}
	o.after = append(o.after, func() {
		t.auth.Enter(c, session, user, remember)
		c.ExpireCookie(t.cookies.challenge)
		also()
	})
	return nil
}

// isRefusal tells an answer that somebody meant to give from a failure.
func isRefusal(err error) bool {
	var answer *api.Error
	return errors.As(err, &answer) && answer.Status < http.StatusInternalServerError
}
