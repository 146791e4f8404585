package twofactor

import (
	"context"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// passwordPaths are the doors after which Better Auth asks for a second factor.
var passwordPaths = []string{"/sign-in/email", "/sign-in/username", "/sign-in/phone-number"}

// gateOfPasswords is the option that asks after those alone.
const gateOfPasswords = "password"

// challengeOutput is the answer to a right first factor.
type challengeOutput struct {
	TwoFactorRedirect bool     `json:"twoFactorRedirect"`
	TwoFactorMethods  []string `json:"twoFactorMethods"`
}

// asks tells whether an entrant has to show a second factor. Whoever has just
// signed up has none.
func (t *TwoFactor) asks(c *api.Call, e auth.Entrant) bool {
	return t.enabled.True(e.User) && (t.cfg.Gate != gateOfPasswords || slices.Contains(passwordPaths, c.Route.Path))
}

// pass lets in who comes from a trusted browser, which is then trusted anew.
// Everybody else has a sign-in that waits for a code, and no session.
func (t *TwoFactor) pass(ctx context.Context, tx *store.Store, c *api.Call, e auth.Entrant) (auth.Verdict, error) {
	ticket, carried := t.auth.Signed(c, t.cookies.trust)
	if carried {
		switch trusted, err := t.useTrust(ctx, tx, ticket, e.User); {
		case err != nil:
			return auth.Verdict{}, err
		case trusted:
			then, err := t.trust(ctx, tx, c, e.User)
			return auth.Verdict{Then: then}, err
		}
	}
	return t.ask(ctx, tx, c, e, carried)
}

// ask begins to wait for a code. The browser loses whatever session it had, so
// that the code is asked of nobody else, and a trust that is no good.
func (t *TwoFactor) ask(ctx context.Context, tx *store.Store, c *api.Call, e auth.Entrant, distrust bool) (auth.Verdict, error) {
	id, err := t.keepChallenge(ctx, tx, e.User)
	if err != nil {
		return auth.Verdict{}, err
	}
	methods, err := t.methods(ctx, tx, e.User)
	if err != nil {
		return auth.Verdict{}, err
	}
	then := func() {
		if distrust {
			c.ExpireCookie(t.cookies.trust)
		}
		t.auth.ClearSession(c)
		t.auth.SetSigned(c, t.cookies.challenge, id)
	}
	note := t.auth.Note(c, EventAsked).About(e.User.ID)
	return auth.Verdict{Instead: challengeOutput{true, methods}, Then: then}, tx.Note(ctx, note)
}

// methods are the ways in which a user may give a code, besides backup codes.
func (t *TwoFactor) methods(ctx context.Context, tx *store.Store, user *store.User) ([]string, error) {
	methods := []string{}
	if !t.cfg.TOTPOptions.Disable {
		r, err := find(ctx, tx, user.ID)
		if err != nil {
			return nil, err
		}
		if r != nil && isSetUp(r) {
			methods = append(methods, methodTOTP)
		}
	}
	if t.cfg.OTPOptions.SendOTP {
		methods = append(methods, methodOTP)
	}
	return methods, nil
}
