package twofactor

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// challenge is a sign-in that waits for its second factor.
type challenge struct{}

// challenge finds the sign-in that waits in the browser of the call.
func (t *TwoFactor) challenge(context.Context, *api.Call) (*verifier, error) {
	return nil, errInvalidCookie
}

// begin takes the right to one more try out of a challenge before anything is
// compared, in the transaction of the try. A refusal is the answer where none is
// left; what begin has written then stays.
func (t *TwoFactor) begin(context.Context, *store.Store, *api.Call, *challenge) (refusal, err error) {
	return errInvalidCookie, nil
}

// rearm gives a challenge the right to its next try after a wrong code.
func (t *TwoFactor) rearm(context.Context, *store.Store, *challenge) error { return nil }

// admit ends a challenge and makes the session that has waited for it, in the
// transaction of the right code. The user is as the database has it now. With
// trust the browser is not asked again for a while. after sends the cookies once
// everything is stored; an error undoes everything.
func (t *TwoFactor) admit(context.Context, *store.Store, *api.Call, *challenge, *store.User, bool) (out verifyOutput, after func(), err error) {
	return verifyOutput{}, nil, errInvalidCookie
}
