// Package throttle limits how often anybody may try to prove to be somebody:
// per account, whatever address the tries come from, and on all instances
// together.
//
// A try is counted as a failure before it is made, in one statement, and what it
// turned out to be is told afterwards: so of many tries at once no more are made
// than of the same tries one after the other. An address from which the account
// has signed in has a counter of its own, so that strangers cannot shut its owner
// out. Rows hold fingerprints only, and are the same for accounts that do not
// exist.
package throttle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

const (
	// KnownFor is how long an address counts as one of an account after it has
	// signed in from there.
	KnownFor = 30 * 24 * time.Hour
	// openFor is how long the outcome of a try may stay unknown: longer than a
	// request takes. What has not been told by then was a failure.
	openFor = 30 * time.Second
	// patience is how long a try waits for the outcome of those before it, and
	// look how often it looks.
	patience = 10 * time.Second
	look     = 50 * time.Millisecond
	// settling is how long it may take to tell an outcome, also when the client
	// has gone.
	settling = 3 * time.Second
)

// Refused says that an account has been tried too often. It is meant for
// errors.As.
type Refused struct{ After time.Duration }

// Error tells the time to wait; it holds nothing about the account.
func (r *Refused) Error() string { return fmt.Sprintf("too many failures: wait for %s", r.After) }

// Options are what a Throttle is made of.
type Options struct {
	Store   *store.Store
	Secrets *secure.Secrets
	Now     func() time.Time
	Log     *slog.Logger
	// Observe counts tries and refuses none.
	Observe bool
	// Decided hears of every decision; it may be nil.
	Decided func(Decision)
}

// Decision is what became of a try.
type Decision string

// The decisions. A try is observed that would have been refused.
const (
	Allowed  Decision = "allowed"
	Denied   Decision = "denied"
	Observed Decision = "observed"
)

// Throttle counts tries.
type Throttle struct {
	Options
	prints *secure.Fingerprints
	line   line
}

// New makes a Throttle.
func New(o Options) *Throttle {
	if o.Decided == nil {
		o.Decided = func(Decision) {}
	}
	return &Throttle{Options: o, prints: o.Secrets.Fingerprints("throttle")}
}

// Try is one that may be made. Exactly one of its methods is to be called; those
// of a nil Try, which is not counted, do nothing.
type Try struct {
	t                *Throttle
	account, address []byte
	at               time.Time
}

// Begin asks for a try against an account from an address, which is empty when
// unknown. A *Refused says that it must not be made.
func (t *Throttle) Begin(ctx context.Context, account, address string) (*Try, error) {
	try, err := t.begin(ctx, account, address)
	refused := new(Refused)
	switch {
	case err == nil:
		t.Decided(Allowed)
	case !errors.As(err, &refused):
	case t.Observe:
		t.Decided(Observed)
		t.Log.WarnContext(ctx, "an account has been tried too often; server.throttle only observes", "after", refused.After)
		return nil, nil
	default:
		t.Decided(Denied)
	}
	return try, err
}

func (t *Throttle) begin(ctx context.Context, account, address string) (*Try, error) {
	try, found, err := t.reserve(ctx, account, address)
	switch {
	case err != nil || try != nil:
		return try, err
	case !found.undecided():
		return nil, found.refusal(t.Now())
	case t.Observe:
		return nil, nil
	}
	return t.wait(ctx, account, address, found)
}

// wait is for the outcome of the tries that are open. One of this instance's
// looks at a time, so that a crowd does not keep the database busy.
func (t *Throttle) wait(ctx context.Context, account, address string, found *state) (*Try, error) {
	inLine, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	leave, err := t.line.enter(inLine, string(found.account)+string(found.address))
	if err != nil {
		return nil, waited(ctx, found, t.Now())
	}
	defer leave()
	for {
		try, found, err := t.reserve(ctx, account, address)
		if err != nil || try != nil {
			return try, err
		}
		// One that nothing forbids any more has changed meanwhile.
		if now := t.Now(); !found.undecided() && found.after(now) > 0 {
			return nil, found.refusal(now)
		}
		select {
		case <-inLine.Done():
			return nil, waited(ctx, found, t.Now())
		case <-time.After(look):
		}
	}
}

// waited is the end of a wait: the client's, or that of our patience.
func waited(ctx context.Context, found *state, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return found.refusal(now)
}

// state is a counter as it was found, and whose it is.
type state struct {
	counter
	account, address []byte
}

func (s *state) refusal(now time.Time) *Refused { return &Refused{After: max(s.after(now), shortest)} }

// reserve counts a try, or tells the counter that forbids it.
func (t *Throttle) reserve(ctx context.Context, account, address string) (*Try, *state, error) {
	now := t.Now().Truncate(time.Microsecond) // as Postgres keeps it
	accounts := t.prints.All(account)
	p := db.ThrottleReserveParams{
		Account: accounts[0], SeenSince: now.Add(-KnownFor), Address: []byte{},
		Now: now, OpenUntil: now.Add(openFor), ExpiresAt: now.Add(window), Since: now.Add(-window), Farthest: now.Add(clocksDiffer), Pauses: pauses(),
	}
	if address != "" {
		p.Addresses = t.prints.All(account, address)
		p.Address = p.Addresses[0]
	}
	if len(accounts) > 1 { // a change of secret is no new beginning
		adopt := db.ThrottleAdoptParams{Accounts: accounts[1:], Addresses: p.Addresses, Account: p.Account, Address: p.Address}
		if err := t.Store.ThrottleAdopt(ctx, adopt); err != nil {
			return nil, nil, err
		}
	}
	row, err := t.Store.ThrottleReserve(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	if row.Granted {
		return &Try{t: t, account: p.Account, address: row.Address, at: now}, nil, nil
	}
	open := 0
	if row.Open != nil && row.OpenUntil.After(now) {
		open = int(*row.Open)
	}
	return nil, &state{account: p.Account, address: row.Address, counter: newCounter(row.TriedAt, open, now)}, nil
}

// Failed tells that the try was wrong.
func (y *Try) Failed(ctx context.Context) error {
	return y.settle(ctx, func(ctx context.Context) error {
		return y.t.Store.ThrottleFailed(ctx, db.ThrottleFailedParams{Account: y.account, Address: y.address})
	})
}

// Succeeded tells that the try was right: its counter begins anew.
func (y *Try) Succeeded(ctx context.Context) error {
	return y.settle(ctx, func(ctx context.Context) error {
		return y.t.Store.ThrottleReset(ctx, db.ThrottleResetParams{Account: y.account, Address: y.address})
	})
}

// GiveBack tells that nothing was compared after all.
func (y *Try) GiveBack(ctx context.Context) error {
	return y.settle(ctx, func(ctx context.Context) error {
		return y.t.Store.ThrottleGiveBack(ctx, db.ThrottleGiveBackParams{Account: y.account, Address: y.address, At: y.at})
	})
}

// settle tells an outcome even if the client has gone meanwhile.
func (y *Try) settle(ctx context.Context, tell func(context.Context) error) error {
	if y == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	return tell(ctx)
}

// Reset forgets every counter of an account.
func (t *Throttle) Reset(ctx context.Context, tx *store.Store, account string) error {
	return tx.ThrottleResetAccount(ctx, t.prints.All(account))
}

// Address is the fingerprint by which an address is kept as one that an account
// has signed in from; nil where it is unknown.
func (t *Throttle) Address(account, address string) []byte {
	if address == "" {
		return nil
	}
	return t.prints.Of(account, address)
}
