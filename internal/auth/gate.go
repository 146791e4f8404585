package auth

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Entrant is who has proven to be a user, and will get a session.
type Entrant struct {
	User *store.User
	// Remember tells whether the session outlives the browser.
	Remember bool
}

// Gate stands between what an entrant has proven and the session.
type Gate struct {
	// Asks tells whether the gate has to do with an entrant at all. It looks at
	// nothing but what it is given, so that whom no gate asks costs nothing.
	Asks func(c *api.Call, e Entrant) bool
	// Pass decides, in the transaction that is to make the session and in which the
	// proof still holds. An error refuses the entrant.
	Pass func(ctx context.Context, tx *store.Store, c *api.Call, e Entrant) (Verdict, error)
}

// Verdict is what a gate has decided. The zero value lets the entrant in.
type Verdict struct {
	// Instead, when set, is answered and no session is made. What the gate has
	// written stays.
	Instead any
	// Then, when set, sends the gate's cookies, once all that was written is
	// committed and the session's cookies are sent.
	Then func()
}

// conclude sends the cookies of the gates.
func (v Verdict) conclude() {
	if v.Then != nil {
		v.Then()
	}
}

// asked tells whether any gate has to do with an entrant.
func (a *Auth) asked(c *api.Call, e Entrant) bool {
	for _, gate := range a.gates {
		if gate.Asks(c, e) {
			return true
		}
	}
	return false
}

// PassGates asks every gate, in the transaction that is to make the session: the
// first that has another answer keeps the entrant out. Whoever makes a session
// otherwise than by SignIn, because somebody has proven to be a user, asks here
// and, after the transaction, ends with Conclude.
func (a *Auth) PassGates(ctx context.Context, tx *store.Store, c *api.Call, e Entrant) (Verdict, error) {
	var all Verdict
	for _, gate := range a.gates {
		if !gate.Asks(c, e) {
			continue
		}
		v, err := gate.Pass(ctx, tx, c, e)
		if err != nil {
			return Verdict{}, err
		}
		if v.Instead != nil {
			return v, nil
		}
		before := all
		all.Then = func() { before.conclude(); v.conclude() }
	}
	return all, nil
}

// Conclude sends the cookies that follow from a verdict: the session's, which is
// made and not sent yet, and those of the gates. The error is the answer in place
// of the session, where there is one.
func (a *Auth) Conclude(c *api.Call, v Verdict, s *store.Session, e Entrant) error {
	if v.Instead != nil {
		a.sendRemember(c, e.Remember)
		v.conclude()
		return api.Instead(v.Instead)
	}
	a.Enter(c, s, e.User, e.Remember)
	v.conclude()
	return nil
}
