package jwt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// activationDelay is how long a new key is only published before it signs.
// Verifiers may keep a key set for verifierCache, and may have fetched it from
// an instance that had not read the new key yet; twice that interval leaves
// room for a slow query and for clocks that differ a little.
const (
	activationDelay = verifierCache + 2*rereadInterval
	verifierCache   = 60 * time.Second
)

// Keys are the signing keys in the database: what they are, and how they are
// made and retired. It keeps nothing; a ring does.
type Keys struct {
	auth *auth.Auth
	cfg  Config
	log  *slog.Logger
}

// NewKeys gives the keys of a deployment. cfg has its defaults filled in.
func NewKeys(a *auth.Auth, cfg Config, log *slog.Logger) *Keys {
	config.SetDefaults(&cfg)
	return &Keys{auth: a, cfg: cfg, log: log}
}

// Info is what an operator may know of a key.
type Info struct {
	ID, Alg string
	// State is signing, waiting, published, withdrawn or unreadable.
	State     string
	CreatedAt time.Time
	ExpiresAt *time.Time
	// Usable tells whether a configured secret opens the private key.
	Usable bool
	// Tag is that of the secret which the private key is encrypted under.
	Tag string
}

// What a key is doing.
const (
	stateSigning    = "signing"    // every token is signed with it
	stateWaiting    = "waiting"    // it is published and signs later
	statePublished  = "published"  // it only verifies
	stateWithdrawn  = "withdrawn"  // its grace period is over
	stateUnreadable = "unreadable" // no configured secret opens it, or it is malformed
)

// Expiry is the end of the key for people, "never" where it has none.
func (i Info) Expiry() string {
	if i.ExpiresAt == nil {
		return "never"
	}
	return i.ExpiresAt.UTC().Format("2006-01-02 15:04:05Z")
}

// ErrNoKey says that no key has that id.
var ErrNoKey = errors.New("no signing key has that id, or it has expired already")

// List gives every key, oldest first.
func (k *Keys) List(ctx context.Context) ([]Info, error) {
	s, err := k.read(ctx, k.auth.Store, nil)
	if err != nil {
		return nil, err
	}
	now := k.auth.Now()
	signing := s.choose(now)
	out := make([]Info, len(s.keys))
	for i := range s.keys {
		key := &s.keys[i]
		out[i] = key.info(key.state(now, key == signing, k.grace()))
	}
	return out, nil
}

func (k *key) info(state string) Info {
	return Info{
		ID: k.id, Alg: k.alg, State: state,
		CreatedAt: k.createdAt, ExpiresAt: k.expiresAt, Usable: k.signer != nil, Tag: k.tag,
	}
}

func (k *Keys) grace() time.Duration { return k.cfg.JWKS.GracePeriod.Std() }

// lead is how long before the end of a key its successor is published: the
// usual delay, or a tenth of a short rotation interval.
func (k *Keys) lead() time.Duration {
	if interval := k.cfg.JWKS.RotationInterval.Std(); interval > 0 {
		return min(activationDelay, interval/10)
	}
	return activationDelay
}

// end is when a key stops signing: when it says so, or, where it was made
// before there was a rotation interval, when the interval is over.
func (k *Keys) end(of *key) (time.Time, bool) {
	if of.expiresAt != nil {
		return *of.expiresAt, true
	}
	interval := k.cfg.JWKS.RotationInterval.Std()
	return of.createdAt.Add(interval), interval > 0
}

// successorDue tells whether the signing key ends soon and no newer key will
// be there to follow it, and from when its successor is to sign.
func (k *Keys) successorDue(s *snapshot, now time.Time) (old *key, from time.Time) {
	old = s.choose(now)
	if old == nil {
		return nil, time.Time{}
	}
	end, ends := k.end(old)
	if !ends || end.Sub(now) > k.lead() || s.hasSuccessor(old, end) {
		return nil, time.Time{}
	}
	if soonest := now.Add(k.lead()); old.expiresAt == nil && end.Before(soonest) {
		end = soonest
	}
	return old, end
}

// read reads every key. It gives known back where nothing has changed since,
// so that the keys are not decrypted again.
func (k *Keys) read(ctx context.Context, from *store.Store, known *snapshot) (*snapshot, error) {
	rows, err := from.JWTListKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	if known != nil && reflect.DeepEqual(rows, known.rows) {
		return known, nil
	}
	return k.newSnapshot(rows), nil
}
