package throttle_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/throttle"
)

const (
	ann     = "ann@example.test"
	home    = "192.0.2.1"
	abroad  = "198.51.100.7"
	current = "a-secret-for-tests-0123456789-ABCDEFGHIJ"
)

// fixture is a database, and a clock that stands until it is moved.
type fixture struct {
	t       *testing.T
	url     string
	set     *schema.Set
	now     atomic.Int64
	decided sync.Map
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{t: t, set: schema.MustNewSet(schema.Core)}
	f.url = pgtest.Clone(t, func(ctx context.Context, url string) error {
		return migrate.Up(ctx, migrate.Options{URL: url, Set: f.set})
	}, "throttle")
	f.now.Store(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC).UnixMicro())
	return f
}

func (f *fixture) pass(d time.Duration) { f.now.Add(d.Microseconds()) }

// instance opens a throttle as one more server has it.
func (f *fixture) instance(change ...func(*throttle.Options)) *throttle.Throttle {
	f.t.Helper()
	s, err := store.Open(f.t.Context(), store.Options{URL: f.url, Set: f.set})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(s.Close)
	o := throttle.Options{
		Store: s, Secrets: f.secrets(current), Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.UnixMicro(f.now.Load()).UTC() },
		Decided: func(d throttle.Decision) {
			n, _ := f.decided.LoadOrStore(d, new(atomic.Int64))
			n.(*atomic.Int64).Add(1)
		},
	}
	for _, c := range change {
		c(&o)
	}
	return throttle.New(o)
}

func (f *fixture) secrets(single string, versions ...secure.Version) *secure.Secrets {
	f.t.Helper()
	s, err := secure.NewSecrets(single, versions)
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func (f *fixture) count(d throttle.Decision) int64 {
	n, ok := f.decided.Load(d)
	if !ok {
		return 0
	}
	return n.(*atomic.Int64).Load()
}

// fails makes n wrong tries, all of which must be allowed.
func (f *fixture) fails(h *throttle.Throttle, n int, address string) {
	f.t.Helper()
	for i := range n {
		f.try(h, address, i)
	}
}

func (f *fixture) try(h *throttle.Throttle, address string, i int) {
	f.t.Helper()
	try, err := h.Begin(f.t.Context(), ann, address)
	if err == nil {
		err = try.Failed(f.t.Context())
	}
	if err != nil {
		f.t.Fatalf("try %d: %v", i+1, err)
	}
}

// refused tells how long the next try has to wait; zero when it has not, which
// leaves no trace.
func (f *fixture) refused(h *throttle.Throttle, address string) time.Duration {
	f.t.Helper()
	try, err := h.Begin(f.t.Context(), ann, address)
	if r := new(throttle.Refused); errors.As(err, &r) {
		return r.After
	}
	if err == nil {
		err = try.GiveBack(f.t.Context())
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return 0
}

// knows remembers home as an address of ann, seen at a time.
func (f *fixture) knows(h *throttle.Throttle, before time.Duration) {
	f.t.Helper()
	_, err := h.Store.Pool().Exec(f.t.Context(), "insert into sallyport.known_address values ($1, $2)", h.Address(ann, home), h.Now().Add(-before))
	if err != nil {
		f.t.Fatal(err)
	}
}

// From the tenth failure on each next try waits longer, on every instance; what
// is long ago does not count.
func TestFailuresMakeTheNextWait(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	one, two := f.instance(), f.instance()
	f.fails(one, 5, home)
	f.fails(two, 5, abroad)
	for i, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		wait *= time.Second
		if got := f.refused(two, home); got != wait {
			t.Fatalf("after %d failures: wait %s, want %s", 10+i, got, wait)
		}
		f.pass(wait - time.Millisecond)
		if got := f.refused(one, "203.0.113.9"); got != time.Second { // in whole seconds at least one
			t.Fatalf("after %d failures: %s too early", 10+i, got)
		}
		f.pass(time.Millisecond)
		f.try(one, abroad, 10+i)
	}
	f.pass(12 * time.Minute) // the first ten are past
	if got := f.refused(one, abroad); got != 0 {
		t.Errorf("wait %s long after", got)
	}
	f.fails(one, 4, abroad)
	if got := f.refused(one, abroad); got != time.Second {
		t.Errorf("with six failures of the last quarter of an hour and four new ones: wait %s", got)
	}
}

// An instance whose clock is wrong shuts nobody out; one whose clock is a little
// ahead counts like the others.
func TestAWrongClockShutsNobodyOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	right := f.instance()
	ahead := time.Hour
	wrong := f.instance(func(o *throttle.Options) { o.Now = func() time.Time { return right.Now().Add(ahead) } })
	f.fails(wrong, 10, abroad)
	if got := f.refused(right, abroad); got != 0 {
		t.Errorf("wait %s for failures of the future", got)
	}
	f.fails(right, 10, abroad)
	if got := f.refused(right, abroad); got != time.Second {
		t.Errorf("after ten failures: wait %s", got)
	}
	if err := right.Reset(t.Context(), right.Store, ann); err != nil {
		t.Fatal(err)
	}
	ahead = 30 * time.Second
	f.fails(wrong, 10, abroad)
	if got := f.refused(right, abroad); got != time.Second {
		t.Errorf("after ten failures half a minute ahead: wait %s", got)
	}
}

func TestNineFailuresEveryQuarterHourAreFine(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance()
	for range 5 {
		f.fails(h, 9, abroad)
		f.pass(15 * time.Minute)
	}
}

func TestSuccessBeginsAnew(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance()
	f.fails(h, 9, abroad)
	try, err := h.Begin(t.Context(), ann, home)
	if err == nil {
		err = try.Succeeded(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	f.fails(h, 10, abroad)
	if err := h.Reset(t.Context(), h.Store, ann); err != nil || f.refused(h, home) != 0 {
		t.Errorf("a reset changed nothing: %v", err)
	}
}

// Strangers cannot shut an owner out, nor does an owner's own mistake give
// strangers more.
func TestAKnownAddressHasItsOwnCounter(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance()
	f.knows(h, throttle.KnownFor-time.Second)
	f.fails(h, 10, abroad)
	if f.refused(h, abroad) == 0 || f.refused(h, "") == 0 || f.refused(h, home) != 0 {
		t.Fatal("the address is not told from others")
	}
	f.fails(h, 10, home)
	if f.refused(h, home) == 0 {
		t.Error("guesses from a known address are not limited")
	}
	if err := h.Reset(t.Context(), h.Store, ann); err != nil || f.refused(h, home)+f.refused(h, abroad) != 0 {
		t.Errorf("a reset leaves a counter: %v", err)
	}
	f.fails(h, 10, abroad)
	f.pass(time.Second) // the pause is over, and so are the thirty days
	f.try(h, abroad, 10)
	if f.refused(h, home) == 0 {
		t.Error("the address is still known after 30 days")
	}
}

// Where secrets rotate, an owner's addresses stay known.
func TestKnownAddressesOutliveARotation(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.knows(f.instance(), 0)
	h := f.instance(func(o *throttle.Options) {
		o.Secrets = f.secrets(current, secure.Version{Number: 2, Secret: "another-secret-0123456789-0123456789"})
	})
	f.fails(h, 10, abroad)
	if f.refused(h, home) != 0 {
		t.Error("the address is forgotten")
	}
}

// Nor does a rotation give whoever guesses another ten tries.
func TestCountersOutliveARotation(t *testing.T) {
	t.Parallel()
	for _, address := range []string{abroad, home, ""} {
		f := newFixture(t)
		before := f.instance()
		f.knows(before, 0)
		f.fails(before, 9, address)
		h := f.instance(func(o *throttle.Options) {
			o.Secrets = f.secrets(current, secure.Version{Number: 2, Secret: "another-secret-0123456789-0123456789"})
		})
		f.fails(h, 1, address)
		if f.refused(h, address) == 0 {
			t.Errorf("%q: counted anew under the new secret", address)
		}
		if f.refused(before, address) != 0 {
			t.Errorf("%q: the old counter stays beside the new one", address)
		}
	}
}

func TestWhatWasNeverComparedDoesNotCount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance()
	f.fails(h, 9, abroad)
	for range 30 {
		if f.refused(h, abroad) != 0 { // gives back
			t.Fatal("it counts")
		}
	}
	f.try(h, abroad, 9)
	if f.refused(h, abroad) == 0 {
		t.Error("giving back took more than that")
	}
}

// crowd begins n tries at once over some instances, and tells each its outcome.
func (f *fixture) crowd(n int, right bool, instances ...*throttle.Throttle) (made, refused int) {
	var group sync.WaitGroup
	var mu sync.Mutex
	for i := range n {
		group.Go(func() {
			try, err := instances[i%len(instances)].Begin(f.t.Context(), ann, abroad)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.As(err, new(*throttle.Refused)):
				refused++
			case err != nil:
				f.t.Error(err)
			default:
				made++
				go f.end(&group, try, right)
				group.Add(1)
			}
		})
	}
	group.Wait()
	return made, refused
}

// end is a hash, and its outcome.
func (f *fixture) end(group *sync.WaitGroup, try *throttle.Try, right bool) {
	defer group.Done()
	time.Sleep(20 * time.Millisecond)
	settle := try.Failed
	if right {
		settle = try.Succeeded
	}
	if err := settle(f.t.Context()); err != nil {
		f.t.Error(err)
	}
}

func TestOfManyWrongTriesAtOnceTenAreMade(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if made, refused := f.crowd(80, false, f.instance(), f.instance()); made != 10 || refused != 70 {
		t.Errorf("%d were made and %d refused", made, refused)
	}
	if f.count(throttle.Allowed) != 10 || f.count(throttle.Denied) != 70 || f.count(throttle.Observed) != 0 {
		t.Errorf("decisions are told as %d, %d, %d", f.count(throttle.Allowed), f.count(throttle.Denied), f.count(throttle.Observed))
	}
}

func TestManyRightTriesAtOnceAreAllMade(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if made, refused := f.crowd(80, true, f.instance(), f.instance()); made != 80 || refused != 0 {
		t.Errorf("%d were made and %d refused", made, refused)
	}
}

// A try of which nothing more is heard, as of an instance that is gone, was a
// failure; who waits for it goes on.
func TestALostTryWasAFailure(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance()
	for range 10 {
		if _, err := h.Begin(t.Context(), ann, abroad); err != nil {
			t.Fatal(err)
		}
	}
	soon, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := h.Begin(soon, ann, abroad); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while all are open: %v", err)
	}
	f.pass(31 * time.Second)
	f.try(h, abroad, 10)
	if got := f.refused(h, abroad); got != 2*time.Second {
		t.Errorf("eleven are counted as if the next had to wait %s", got)
	}
}

func TestObservingRefusesNobody(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	h := f.instance(func(o *throttle.Options) { o.Observe = true })
	f.fails(h, 30, abroad)
	if f.count(throttle.Allowed) != 10 || f.count(throttle.Observed) != 20 || f.count(throttle.Denied) != 0 {
		t.Errorf("decisions are told as %d, %d, %d", f.count(throttle.Allowed), f.count(throttle.Observed), f.count(throttle.Denied))
	}
	if made, refused := f.crowd(40, false, h); made != 40 || refused != 0 {
		t.Errorf("of a crowd %d were made and %d refused", made, refused)
	}
}
