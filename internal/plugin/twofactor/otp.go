package twofactor

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

const (
	otpPurpose = "2fa-otp-"
	otpDigits  = "0123456789"
)

func (t *TwoFactor) otpRoutes() []api.Route {
	return []api.Route{
		api.POST("/two-factor/send-otp", api.Public, t.sendOTP,
			api.Doc("Sends a code to the user of the session, or of the sign-in that waits for one."),
			api.Fails(errSendingNotConfigured, errInvalidCookie)),
		api.POST("/two-factor/verify-otp", api.Public, t.verifyOTP,
			api.Doc("Takes a code that was sent."),
			api.Fails(errInvalidCookie, errLocked, errOTPExpired, errTooManyAttempts, errInvalidCode)),
	}
}

// sendOTPInput is what clients may send, or leave out; nothing of it changes
// anything.
type sendOTPInput struct {
	TrustDevice *bool `json:"trustDevice" doc:"Without effect here: give it with the code."`
}

// sendOTP sends a code to who has to give one. It is stored in the transaction of
// the message.
func (t *TwoFactor) sendOTP(ctx context.Context, c *api.Call, _ *sendOTPInput) (statusOutput, error) {
	if !t.cfg.OTPOptions.SendOTP {
		return statusOutput{}, errSendingNotConfigured
	}
	v, err := t.verifier(ctx, c)
	if err != nil {
		return statusOutput{}, err
	}
	code, err := secure.RandomString(t.auth.Rand, otpDigits, t.cfg.OTPOptions.Digits)
	if err != nil {
		return statusOutput{}, err
	}
	stored, err := t.storedOTP(code)
	if err != nil {
		return statusOutput{}, err
	}
	err = t.auth.Store.InTx(ctx, func(tx *store.Store) error {
		kept, err := t.auth.KeepVerification(ctx, tx, otpPurpose+v.key(), stored+":0", time.Duration(t.cfg.OTPOptions.Period)*time.Minute)
		if err != nil {
			return err
		}
		m := auth.Message{Event: "sendOTP", Channel: auth.Email, Recipient: v.user.Email, ExpiresAt: kept.ExpiresAt, Data: api.Object{
			{Key: "user", Value: t.auth.UserOutput(v.user)}, {Key: "otp", Value: code},
		}}
		if err := t.auth.Send(ctx, tx, m); err != nil {
			return err
		}
		return tx.Note(ctx, t.auth.Note(c, EventOTPSent).About(v.user.ID))
	})
	return statusOutput{Status: err == nil}, err
}

// key is what codes are sent for: the sign-in that waits, or the session.
func (v *verifier) key() string {
	if v.challenge != nil {
		return v.challenge.id
	}
	return v.user.ID + "!" + v.session.ID
}

// storedOTP gives the form in which a code is stored.
func (t *TwoFactor) storedOTP(code string) (string, error) {
	switch t.cfg.OTPOptions.StoreOTP {
	case "hashed":
		return hashOTP(code), nil
	case "encrypted":
		return t.auth.Secrets.Encrypt([]byte(code), t.auth.Rand)
	}
	return code, nil
}

func hashOTP(code string) string {
	sum := sha256.Sum256([]byte(code))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// isOTP compares a code with a stored one. One that nobody can read is no code.
func (t *TwoFactor) isOTP(stored, code string) bool {
	switch t.cfg.OTPOptions.StoreOTP {
	case "hashed":
		code = hashOTP(code)
	case "encrypted":
		plain, err := t.auth.Secrets.Decrypt(stored)
		if err != nil {
			return false
		}
		stored = string(plain)
	}
	return subtle.ConstantTimeCompare([]byte(stored), []byte(code)) == 1
}

// verifyOTP takes a code that was sent. In a session the first right one turns
// the second factor on.
func (t *TwoFactor) verifyOTP(ctx context.Context, c *api.Call, in codeInput) (verifyOutput, error) {
	v, err := t.verifier(ctx, c)
	if err != nil {
		return verifyOutput{}, err
	}
	return t.try(ctx, c, v, &proof{
		method: methodOTP, wrong: errInvalidCode, trust: in.TrustDevice != nil && *in.TrustDevice,
		check: func(ctx context.Context, tx *store.Store, _ *row) (bool, error, error) {
			return t.checkOTP(ctx, tx, v, in.Code)
		},
		complete: func(ctx context.Context, tx *store.Store, _ *row, user *store.User, o *outcome) error {
			return t.completeOTP(ctx, tx, c, v, user, o)
		},
	})
}

// checkOTP counts a try at the newest code that was sent, and takes it away when it
// is right, or when nothing is left of its tries.
func (t *TwoFactor) checkOTP(ctx context.Context, tx *store.Store, v *verifier, code string) (right bool, refusal, err error) {
	identifier := otpPurpose + v.key()
	sent, err := t.auth.CountTry(ctx, tx, identifier, t.cfg.OTPOptions.AllowedAttempts)
	switch {
	case errors.Is(err, store.ErrNotFound):
		refusal, err = t.refuseOTP(ctx, tx, identifier)
		return false, refusal, err
	case err != nil:
		return false, nil, err
	}
	stored, _, _ := strings.Cut(sent.Value, ":")
	if !t.isOTP(stored, code) {
		return false, nil, nil
	}
	_, err = t.auth.ConsumeVerification(ctx, tx, identifier)
	return err == nil, nil, unless(err, errOTPExpired)
}

// refuseOTP tells a code that has had all its tries from one that is not there.
func (t *TwoFactor) refuseOTP(ctx context.Context, tx *store.Store, identifier string) (refusal, err error) {
	_, err = t.auth.ConsumeVerification(ctx, tx, identifier)
	switch {
	case err == nil:
		return errTooManyAttempts, nil
	case errors.Is(err, store.ErrNotFound):
		return errOTPExpired, nil
	}
	return nil, err
}

// completeOTP turns the second factor on in a session. A sign-in for which it has
// been turned off meanwhile cannot go on.
func (t *TwoFactor) completeOTP(ctx context.Context, tx *store.Store, c *api.Call, v *verifier, user *store.User, o *outcome) error {
	switch {
	case t.enabled.True(user):
		return nil
	case v.challenge != nil:
		return errNoSession
	}
	after, err := t.switchTo(ctx, tx, c, true)
	if err != nil {
		return err
	}
	o.after = append(o.after, func() {
		after()
		o.out = verifyOutput{Token: &c.Session.Token, User: t.auth.UserOutput(c.User)}
	})
	return tx.Note(ctx, t.auth.Note(c, EventEnabled).With("method", methodOTP))
}
