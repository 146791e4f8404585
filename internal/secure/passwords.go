package secure

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/legacy"
	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// The cost of a password hash is Better Auth's: 32 MiB and roughly a tenth of a second. It must not be
// changed, because stored hashes do not name it.
const (
	scryptN      = 16384
	scryptR      = 16
	scryptKeyLen = 64
	saltBytes    = 16
)

const (
	defaultMaxWait = 5 * time.Second
	queuePerSlot   = 128
	// releaseAfter is how long after the last hash the memory of the hashes goes back to the system.
	releaseAfter = 3 * time.Second
)

// dummySalt is hashed with when there is no stored hash to take a salt from.
const dummySalt = "00000000000000000000000000000000"

// ErrMalformedHash says that a stored password hash is not of the form "<salt>:<key>": it was written
// by something else, or damaged.
var ErrMalformedHash = errors.New("malformed password hash")

// PasswordOptions bounds what password hashing may take. Zero values choose the default.
type PasswordOptions struct {
	Slots      int           // hashes at once; one per core, less one when there are more than two
	MaxWait    time.Duration // longest wait for a slot; 5 s
	QueueLimit int           // most hashes in line, whatever the estimated wait; 128 per slot

	// Cost makes hashes cheaper, for tests of what comes before and after them. Only they may set it:
	// a hash does not name its cost, so that whoever makes it at another one has made it for nobody.
	Cost scrypt.Cost

	// Waited hears how long each hash waited for its slot, and Refused of each that got none because
	// too many others wait. Both may be nil.
	Waited  func(time.Duration)
	Refused func()
	// Hashed hears of every hash: when it was asked for, how long it waited, how long it took. It may
	// be nil.
	Hashed func(ctx context.Context, began time.Time, waited, worked time.Duration)
}

// Passwords hashes and checks passwords, a few at a time: one hash keeps a core and 32 MiB busy, so
// that an unbounded number of sign-ins would stop everything else. It is safe for concurrent use.
type Passwords struct {
	slots   *slots
	areas   *areas
	derive  func([]*job) ([2][]byte, error)
	idle    *time.Timer
	decoy   atomic.Pointer[legacy.Hash]
	waited  func(time.Duration)
	refused func()
	hashed  func(ctx context.Context, began time.Time, waited, worked time.Duration) // nil for nobody
}

// Place is the right of a request from some address to have passwords hashed, a slot at a time.
type Place struct {
	p       *Passwords
	address string
}

// Enter gives a place, which Leave gives up. Where too many are waiting already, in all or from that
// address, it is a *BusyError, at once: ask before any other work that a refusal would waste.
func (p *Passwords) Enter(address string) (*Place, error) {
	if err := p.slots.enter(address); err != nil {
		return nil, p.counted(err)
	}
	return &Place{p, address}, nil
}

// Leave gives the place up.
func (l *Place) Leave() { l.p.slots.exit(l.address) }

func (p *Passwords) counted(err error) error {
	if errors.Is(err, ErrBusy) {
		p.refused()
	}
	return err
}

// NewPasswords makes a Passwords. It starts no goroutine; Close ends its use.
func NewPasswords(o PasswordOptions) *Passwords {
	o.Slots = o.slots()
	if o.MaxWait <= 0 {
		o.MaxWait = defaultMaxWait
	}
	if o.QueueLimit <= 0 {
		o.QueueLimit = queuePerSlot * o.Slots
	}
	width := hashesPerSlot()
	memory := newAreas(o.Slots*width, o.cost())
	p := &Passwords{areas: memory, derive: memory.derive, waited: o.Waited, refused: o.Refused, hashed: o.Hashed}
	p.slots = newSlots(o.Slots, width, o.QueueLimit, o.MaxWait, p.work)
	if p.waited == nil {
		p.waited = func(time.Duration) {}
	}
	if p.refused == nil {
		p.refused = func() {}
	}
	p.idle = time.AfterFunc(releaseAfter, memory.release)
	p.idle.Stop()
	return p
}

func (o PasswordOptions) slots() int {
	if o.Slots > 0 {
		return o.Slots
	}
	return defaultSlots(runtime.GOMAXPROCS(0))
}

// hashesPerSlot is how many a slot makes at once.
func hashesPerSlot() int {
	if scrypt.Pairs() {
		return 2
	}
	return 1
}

// Memory is how many bytes hashes take when every slot is busy.
func (o PasswordOptions) Memory() int64 { return int64(o.slots()*hashesPerSlot()) * o.cost().Memory() }

// cost is Better Auth's, but in some tests.
func (o PasswordOptions) cost() scrypt.Cost {
	switch {
	case o.Cost == scrypt.Cost{}:
		return scrypt.Cost{N: scryptN, R: scryptR}
	case !testing.Testing():
		panic("secure: the cost of hashes is set outside of a test")
	}
	return o.Cost
}

// defaultSlots leaves a core to the requests that hash nothing, where one can be spared.
func defaultSlots(cores int) int {
	if cores > 2 {
		return cores - 1
	}
	return cores
}

// Hash makes the text that is stored for a new password: a salt of 16 bytes from rand in lower-case
// hex, a colon, and the key in hex. It waits for a slot; see Verify for its errors.
func (l *Place) Hash(ctx context.Context, password string, rand io.Reader) (hash string, err error) {
	salt, err := newSalt(rand)
	if err != nil {
		return "", err
	}
	err = l.run(ctx, password, salt, func(key string) { hash = stored(salt, key) })
	return hash, err
}

// Verify reports whether password is the one that hash was made from. It waits for a slot: a full line
// or a long wait is a *BusyError, a context that ends while waiting is the context's error, and
// neither does any hashing. A malformed hash is ErrMalformedHash, after the work of a real one, so that
// the time tells nothing about the account.
func (l *Place) Verify(ctx context.Context, hash, password string) (ok bool, err error) {
	salt, want := splitHash(hash)
	if salt == "" || want == "" {
		if err := l.DummyHash(ctx, password); err != nil {
			return false, err
		}
		return false, ErrMalformedHash
	}
	err = l.run(ctx, password, salt, func(key string) {
		if ok = subtle.ConstantTimeCompare([]byte(key), []byte(want)) == 1; !ok {
			l.p.distract(password)
		}
	})
	return ok && err == nil, err
}

// DummyHash does the work of Verify for a user who does not exist or has no password, through the same
// slots and with the same errors, so that the answer takes as long as for one who does.
func (l *Place) DummyHash(ctx context.Context, password string) error {
	return l.run(ctx, password, dummySalt, func(string) { l.p.distract(password) })
}

// Slots is how many cores may hash at once.
func (p *Passwords) Slots() int { return p.slots.size }

// Running is how many passwords are being hashed.
func (p *Passwords) Running() int { running, _ := p.slots.numbers(); return running }

// Waiting is how many passwords wait for their turn to be hashed.
func (p *Passwords) Waiting() int { _, waiting := p.slots.numbers(); return waiting }

// Close refuses all who wait for a slot and all who come later with ErrClosed.
func (p *Passwords) Close() {
	p.slots.close()
	p.idle.Stop()
	p.areas.close()
}

// run has a password hashed with a salt, and its key used in the same slot, in lower-case hex.
func (l *Place) run(ctx context.Context, password, salt string, then func(key string)) error {
	p := l.p
	asked := time.Now() // a stopwatch: the calendar does not matter here
	j := &job{address: l.address, password: password, salt: salt, then: func(key []byte) { then(hex.EncodeToString(key)) }}
	err := p.slots.do(ctx, j)
	if j.began.IsZero() {
		return p.counted(err)
	}
	p.waited(j.began.Sub(asked))
	if p.hashed != nil {
		p.hashed(ctx, asked, j.began.Sub(asked), j.ended.Sub(j.began))
	}
	if err != nil {
		return fmt.Errorf("hashing a password: %w", err)
	}
	return nil
}

// work is what a slot does.
func (p *Passwords) work(jobs []*job) {
	began := time.Now()
	defer p.idle.Reset(releaseAfter)
	keys, err := p.derive(jobs)
	for i, j := range jobs {
		if j.began, j.err = began, err; err == nil {
			j.then(keys[i])
		}
		j.ended = time.Now()
	}
}

// stored is the text that is stored.
func stored(salt, key string) string { return salt + ":" + key }

// newSalt gives a salt as it is stored.
func newSalt(rand io.Reader) (string, error) {
	raw := make([]byte, saltBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return "", fmt.Errorf("reading a salt: %w", err)
	}
	return hex.EncodeToString(raw), nil
}

// splitHash takes what stands before and after the first colon. Better Auth ignores anything behind a
// second one.
func splitHash(hash string) (salt, key string) {
	salt, rest, _ := strings.Cut(hash, ":")
	key, _, _ = strings.Cut(rest, ":")
	return salt, key
}
