package twofactor

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// row is what the plugin stores of a user.
type row = db.TwoFactorOfRow

// verifyOutput is the answer to a right code. There is no token where a sign-in
// goes on to wait.
type verifyOutput struct {
	Token *string    `json:"token,omitempty"`
	User  api.Object `json:"user" model:"user"`
}

// verifier is who gives a code: somebody in a session, or somebody whose sign-in
// waits for it.
type verifier struct {
	user *store.User
	// session is nil where a sign-in waits, challenge where none does.
	session   *store.Session
	challenge *challenge
}

// verifier finds out who gives a code. A live session counts before a challenge,
// and is read from the database.
func (t *TwoFactor) verifier(ctx context.Context, c *api.Call) (*verifier, error) {
	if err := t.auth.FindStoredSession(ctx, c); err != nil {
		return nil, err
	}
	if c.Session != nil {
		return &verifier{user: c.User, session: c.Session}, nil
	}
	return t.challenge(ctx, c)
}

// proof is one kind of second factor, and a code of it.
type proof struct {
	// method is its name in the audit log.
	method string
	// missing is the answer where the user has no row; nil goes on without one.
	missing *api.Error
	// setUp asks for a row that has shown a first right code, where a sign-in waits.
	setUp bool
	// limited says that a challenge bears only so many wrong codes of this kind.
	limited bool
	// wrong is the answer to a wrong code.
	wrong *api.Error
	// trust asks that the browser is not asked again for a while, stay that the
	// sign-in goes on to wait.
	trust, stay bool
	// check compares the code and spends it, in the transaction of everything that
	// follows. The row is nil where there is none. A refusal is an answer without a
	// comparison, such as for a code that has expired; what check has written stays.
	check func(ctx context.Context, tx *store.Store, r *row) (right bool, refusal, err error)
	// complete does what a right code means beside the verification, to a user as the
	// database has it now; nil does nothing. It may change the outcome.
	complete func(ctx context.Context, tx *store.Store, r *row, user *store.User, o *outcome) error
}

// outcome is what has come of a try when its transaction ends well.
type outcome struct {
	// compared tells that there was a comparison which counts as a try, and refusal
	// is the answer where it did not succeed. What was written stays.
	compared bool
	refusal  error
	out      verifyOutput
	// after runs when everything is stored: cookies are sent then.
	after []func()
}

func refused(refusal error) *outcome { return &outcome{refusal: refusal} }

// try runs one try to give a code, in a transaction of its own: one after another
// for each user, so that none is compared that the limits do not allow.
func (t *TwoFactor) try(ctx context.Context, c *api.Call, v *verifier, p *proof) (verifyOutput, error) {
	var o *outcome
	err := t.throttled(ctx, c, v, func(ctx context.Context) (bool, error) {
		err := t.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
			o, err = t.tryIn(ctx, tx, c, v, p)
			return err
		})
		if err == nil && !o.compared {
			err = o.refusal
		}
		return err == nil && o.refusal == nil, err
	})
	switch {
	case err != nil:
		return verifyOutput{}, err
	case o.refusal != nil:
		return verifyOutput{}, o.refusal
	}
	for _, do := range o.after {
		do()
	}
	return o.out, nil
}

func (t *TwoFactor) tryIn(ctx context.Context, tx *store.Store, c *api.Call, v *verifier, p *proof) (*outcome, error) {
	user, err := tx.LockUser(ctx, v.user.ID)
	if errors.Is(err, store.ErrNotFound) { // deleted meanwhile
		return refused(errInvalidCookie), nil
	}
	if err != nil {
		return nil, err
	}
	r, err := find(ctx, tx, user.ID)
	if err != nil {
		return nil, err
	}
	if refusal, err := t.mayTry(ctx, tx, c, v, p, r); refusal != nil || err != nil {
		return refused(refusal), err
	}
	right, refusal, err := p.check(ctx, tx, r)
	switch {
	case err != nil || refusal != nil:
		return refused(refusal), err
	case !right:
		return t.failed(ctx, tx, c, v, p, r)
	}
	return t.succeeded(ctx, tx, c, v, p, r, user)
}

// find gives the row of a user, which is nil where there is none.
func find(ctx context.Context, tx *store.Store, userID string) (*row, error) {
	r, err := tx.TwoFactorOf(ctx, userID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &r, err
}

// mayTry decides whether a code may be compared.
func (t *TwoFactor) mayTry(ctx context.Context, tx *store.Store, c *api.Call, v *verifier, p *proof, r *row) (refusal, err error) {
	if p.missing != nil && (r == nil || p.setUp && v.challenge != nil && !isSetUp(r)) {
		return p.missing, nil
	}
	if v.challenge == nil {
		return nil, nil
	}
	if refusal, err := t.locked(ctx, tx, v, r); refusal != nil || err != nil {
		return refusal, err
	}
	if !p.limited {
		return nil, nil
	}
	return t.begin(ctx, tx, c, v.challenge)
}

// isSetUp tells whether a row has shown a first right code. Rows of before that
// was remembered count as if they had.
func isSetUp(r *row) bool { return r.Verified == nil || *r.Verified }

// failed counts a wrong code.
func (t *TwoFactor) failed(ctx context.Context, tx *store.Store, c *api.Call, v *verifier, p *proof, r *row) (*outcome, error) {
	if err := t.countFailure(ctx, tx, v, r); err != nil {
		return nil, err
	}
	o := &outcome{compared: true, refusal: p.wrong}
	return o, tx.Note(ctx, t.auth.Failure(c, EventFailed, v.user.ID, p.wrong).With("method", p.method))
}

// succeeded does what a right code is good for.
func (t *TwoFactor) succeeded(ctx context.Context, tx *store.Store, c *api.Call, v *verifier, p *proof, r *row, user *store.User) (*outcome, error) {
	o := &outcome{compared: true, out: verifyOutput{User: t.auth.UserOutput(v.user)}}
	if err := t.forgetFailures(ctx, tx, v, r); err != nil {
		return nil, err
	}
	if v.challenge != nil && p.limited {
		if err := t.end(ctx, tx, v.challenge); err != nil {
			return nil, err
		}
	}
	if v.session != nil {
		o.out.Token = &v.session.Token
	}
	if p.complete != nil {
		if err := p.complete(ctx, tx, r, user, o); err != nil {
			return nil, err
		}
	}
	if v.challenge != nil && !p.stay {
		if err := t.admit(ctx, tx, c, v.challenge, user, p.trust, o); err != nil {
			return nil, err
		}
	}
	return o, tx.Note(ctx, t.auth.Note(c, EventVerified).About(v.user.ID).With("method", p.method))
}
