package jwt

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

const (
	// rereadInterval is how often the keys are read again, so that what other
	// instances, or a Better Auth beside us, make and end is noticed.
	rereadInterval = 5 * time.Second
	rereadTimeout  = 4 * time.Second
)

var errNoSigningKey = errors.New("no usable signing key, and none could be made")

// ring holds the keys in memory. No request waits for a query: the background
// loop replaces the snapshot. Only a request that finds no key at all to sign
// with makes one itself.
type ring struct {
	keys    *Keys
	current atomic.Pointer[published]
	writing sync.Mutex // held while the snapshot is read and replaced
	stop    context.CancelFunc
	done    chan struct{}
	warned  map[string]bool // keys whose problem was logged
}

// published is a snapshot with the answer of /jwks made of it.
type published struct {
	*snapshot
	body  []byte
	until time.Time // zero: for as long as the snapshot
}

func newRing(keys *Keys) *ring {
	return &ring{keys: keys, done: make(chan struct{}), warned: map[string]bool{}}
}

// start reads the keys, makes the first one in an empty table, and starts the
// background loop.
func (r *ring) start(ctx context.Context) error {
	if err := r.reread(ctx); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	go r.loop(background)
	return nil
}

func (r *ring) close() {
	if r.stop == nil {
		return // it was not started
	}
	r.stop()
	<-r.done
}

func (r *ring) loop(ctx context.Context) {
	defer close(r.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(r.pause()):
		}
		work, cancel := context.WithTimeout(ctx, rereadTimeout)
		if err := r.reread(work); err != nil && ctx.Err() == nil {
			r.keys.log.Warn("the signing keys could not be read again; the ones in memory stay in use", "error", err)
		}
		cancel()
	}
}

// pause is the time to the next reading: sooner than usual when a successor
// falls due before, or when keys live so short that a successor would be
// noticed too late.
func (r *ring) pause() time.Duration {
	const shortest = 100 * time.Millisecond
	pause := min(rereadInterval, max(r.keys.lead()/2, shortest))
	now := r.keys.auth.Now()
	key := r.current.Load().choose(now)
	if key == nil {
		return pause
	}
	if end, ends := r.keys.end(key); ends {
		if due := end.Sub(now) - r.keys.lead(); due > 0 {
			return min(pause, due)
		}
	}
	return pause
}

// reread replaces the snapshot, and makes the key that is missing: the first of
// an empty table, one beside keys that no secret opens, or a successor.
func (r *ring) reread(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	s, err := r.read(ctx)
	if err != nil {
		return err
	}
	made, err := r.supply(ctx, s)
	if err != nil || !made {
		return err
	}
	_, err = r.read(ctx)
	return err
}

// read publishes the keys as they are now. The caller holds writing.
func (r *ring) read(ctx context.Context) (*snapshot, error) {
	var known *snapshot
	if p := r.current.Load(); p != nil {
		known = p.snapshot
	}
	s, err := r.keys.read(ctx, r.keys.auth.Store, known)
	if err != nil || s == known {
		return s, err
	}
	r.warn(s)
	r.current.Store(r.publish(s))
	return s, nil
}

func (r *ring) supply(ctx context.Context, s *snapshot) (made bool, err error) {
	now := r.keys.auth.Now()
	if len(s.keys) == 0 || s.choose(now) == nil && s.hasUnreadable(now) {
		return true, r.keys.makeFirst(ctx)
	}
	if old, _ := r.keys.successorDue(s, now); old != nil {
		return true, r.keys.makeSuccessor(ctx)
	}
	return false, nil
}

// hasUnreadable tells whether a key would sign if only it could be opened.
func (s *snapshot) hasUnreadable(now time.Time) bool {
	for i := range s.keys {
		if s.keys[i].signer == nil && !s.keys[i].expired(now) {
			return true
		}
	}
	return false
}

// warn logs the problem of each key once.
func (r *ring) warn(s *snapshot) {
	for i := range s.keys {
		if k := &s.keys[i]; k.problem != nil && !r.warned[k.id] {
			r.warned[k.id] = true
			r.keys.log.Warn("a signing key cannot be used", "kid", k.id, "error", k.problem)
		}
	}
}

func (r *ring) publish(s *snapshot) *published {
	p := &published{snapshot: s}
	p.body, p.until = s.keySet(r.keys.auth.Now(), r.keys.grace())
	return p
}

// keySet gives the answer of /jwks.
func (r *ring) keySet() []byte {
	p := r.current.Load()
	if !p.until.IsZero() && !p.until.After(r.keys.auth.Now()) {
		shorter := r.publish(p.snapshot)
		// The loop may have stored newer keys meanwhile; those must stay.
		r.current.CompareAndSwap(p, shorter)
		p = shorter
	}
	return p.body
}

// signer gives the key to sign with.
func (r *ring) signer(ctx context.Context) (*jose.Signer, error) {
	if k := r.current.Load().choose(r.keys.auth.Now()); k != nil {
		return k.signer, nil
	}
	return r.makeOne(ctx)
}

// makeOne makes a key for a request that found none, once for all requests
// that wait for it.
func (r *ring) makeOne(ctx context.Context) (*jose.Signer, error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	if k := r.current.Load().choose(r.keys.auth.Now()); k != nil {
		return k.signer, nil
	}
	if err := r.keys.makeFirst(ctx); err != nil {
		return nil, err
	}
	s, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	if k := s.choose(r.keys.auth.Now()); k != nil {
		return k.signer, nil
	}
	return nil, errNoSigningKey
}
