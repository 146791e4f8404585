package soak

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// TestR3AFailOverLosesNothing kills the primary and promotes its synchronous
// standby while clients are at work.
func TestR3AFailOverLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for range pick(1, 3) {
		time.Sleep(pick(time.Second, 5*time.Second))
		p.primary.server.end(syscall.SIGKILL)
		p.promoted()
		p.back = append(p.back, p.normalAfter(time.Now()))
		if *long {
			p.again()
		}
	}
	p.tell("kills of the primary")
}

// TestR3ADemotedPrimaryIsLeft lets the old primary live and answer what only
// reads, as an orderly change of roles does.
func TestR3ADemotedPrimaryIsLeft(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for range pick(1, 3) {
		time.Sleep(pick(time.Second, 5*time.Second))
		old := p.primary
		old.exec(`alter system set default_transaction_read_only = on`)
		old.exec(`select pg_reload_conf()`)
		p.promoted()
		promoted := time.Now()
		within(t, "no connection to the old primary", func() bool {
			return old.ask(`select count(*) from pg_stat_activity where application_name = 'sallyport'`) == 0
		})
		off := time.Since(promoted)
		t.Logf("off the old primary after %s", off.Round(time.Millisecond))
		if *long && off > 5*time.Second {
			t.Errorf("off the old primary only after %s", off)
		}
		p.back = append(p.back, p.normalAfter(promoted))
		if *long {
			old.server.end(syscall.SIGQUIT)
			p.again()
		}
	}
	p.tell("changes of roles, the old primary still reading")
}

// pair is a primary and its synchronous standby, and clients at work on an
// instance that knows both.
type pair struct {
	*work
	t                *testing.T
	primary, standby *cluster
	back             []time.Duration
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{t: t, primary: newCluster(t)}
	p.standby = p.primary.standby()
	url := fmt.Sprintf("postgres://%s@%s,%s/postgres?sslmode=disable&target_session_attrs=read-write",
		p.primary.password, p.primary.address, p.standby.address)
	p.work = newWork(t, newSite(t, basic, url).serve())
	return p
}

// promoted makes the standby the primary.
func (p *pair) promoted() {
	p.standby.promote()
	p.primary, p.standby = p.standby, p.primary
}

// again makes what is left of the old primary a standby of the new one.
func (p *pair) again() {
	p.t.Helper()
	address := p.standby.address
	p.standby = p.primary.standbyAt(address)
}

// tell ends the work and puts down what was measured.
func (p *pair) tell(what string) {
	p.t.Helper()
	right, refused := p.finish()
	row(p.t, "R3", "%d %s: %d right answers, %d refused, 0 wrong; %d sign-ups and %d sign-outs kept; normal again %s after the promotion at most",
		len(p.back), what, len(right), refused, len(p.people), len(p.revoked), longest(p.back))
	if *long && longest(p.back) > 5*time.Second {
		p.t.Errorf("normal again only after %s", longest(p.back))
	}
}
