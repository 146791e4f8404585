package jwt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// activationDelay is how long a new key is only published before it signs, so
// that every verifier has it by then.
const activationDelay = 60 * time.Second

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
}

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
	s, err := k.read(ctx, k.auth.Store)
	if err != nil {
		return nil, err
	}
	now := k.auth.Now()
	signing := s.choose(now)
	out := make([]Info, len(s.keys))
	for i := range s.keys {
		key := &s.keys[i]
		out[i] = Info{
			ID: key.id, Alg: key.alg, State: key.state(now, key == signing, k.grace()),
			CreatedAt: key.createdAt, ExpiresAt: key.expiresAt, Usable: key.signer != nil,
		}
	}
	return out, nil
}

// Rotate makes a key. Unless now is set it signs only after activationDelay.
func (k *Keys) Rotate(ctx context.Context, now bool) (Info, error) {
	var made Info
	err := k.auth.Store.InTx(ctx, func(tx *store.Store) error {
		at := k.auth.Time()
		if err := tx.JWTLockRotation(ctx, at); err != nil {
			return err
		}
		from := at.Add(activationDelay)
		if now {
			from = at
		}
		var err error
		made, err = k.create(ctx, tx, at, &from)
		return err
	})
	return made, err
}

// Retire ends a key: it signs no more, and stays published for
// jwks.gracePeriod.
func (k *Keys) Retire(ctx context.Context, id string) error {
	n, err := k.auth.Store.JWTExpireKey(ctx, db.JWTExpireKeyParams{ID: id, At: k.auth.Time()})
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNoKey
	}
	return nil
}

// makeFirst makes a key that signs at once, if there still is none that can.
func (k *Keys) makeFirst(ctx context.Context) error {
	return k.makeIf(ctx, nil, func(s *snapshot, now time.Time) bool { return s.choose(now) == nil })
}

// makeSuccessor makes the key that follows one about to expire, if nobody else
// has. It signs from the moment the old one ends.
func (k *Keys) makeSuccessor(ctx context.Context, from time.Time) error {
	return k.makeIf(ctx, &from, func(s *snapshot, now time.Time) bool { return s.successorDue(now, k.lead()) != nil })
}

// makeIf makes a key if, with every other instance kept waiting, one is still
// needed.
func (k *Keys) makeIf(ctx context.Context, from *time.Time, needed func(*snapshot, time.Time) bool) error {
	return k.auth.Store.InTx(ctx, func(tx *store.Store) error {
		now := k.auth.Time()
		if err := tx.JWTLockRotation(ctx, now); err != nil {
			return err
		}
		s, err := k.read(ctx, tx)
		if err != nil || !needed(s, now) {
			return err
		}
		_, err = k.create(ctx, tx, now, from)
		return err
	})
}

// create stores a new key pair. A nil from lets it sign at once.
func (k *Keys) create(ctx context.Context, tx *store.Store, now time.Time, from *time.Time) (Info, error) {
	row, err := k.generate(now)
	if err != nil {
		return Info{}, err
	}
	if err := tx.JWTInsertKey(ctx, row); err != nil {
		return Info{}, err
	}
	if from != nil {
		if err := tx.JWTActivateKey(ctx, db.JWTActivateKeyParams{Kid: row.ID, SignsFrom: *from}); err != nil {
			return Info{}, err
		}
	}
	return Info{ID: row.ID, Alg: *row.Alg, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, Usable: true}, nil
}

func (k *Keys) generate(now time.Time) (db.JWTInsertKeyParams, error) {
	pair := k.cfg.JWKS.KeyPairConfig
	alg := string(pair.Alg)
	keys, err := jose.Generate(alg, pair.ModulusLength, k.auth.Rand)
	if err != nil {
		return db.JWTInsertKeyParams{}, err
	}
	id, err := k.auth.NewID()
	if err != nil {
		return db.JWTInsertKeyParams{}, err
	}
	private, err := k.seal(keys.Private)
	if err != nil {
		return db.JWTInsertKeyParams{}, err
	}
	row := db.JWTInsertKeyParams{ID: id, PublicKey: keys.Public, PrivateKey: private, CreatedAt: now, Alg: &alg}
	if curve := jose.Curve(alg); curve != "" {
		row.Crv = &curve
	}
	if interval := k.cfg.JWKS.RotationInterval.Std(); interval > 0 {
		end := now.Add(interval)
		row.ExpiresAt = &end
	}
	return row, nil
}

// seal gives a private JWK as it is stored: the ciphertext as a JSON string,
// quotes included, as the original has it.
func (k *Keys) seal(private string) (string, error) {
	if k.cfg.JWKS.DisablePrivateKeyEncryption {
		return private, nil
	}
	text, err := k.auth.Secrets.Encrypt([]byte(private), k.auth.Rand)
	if err != nil {
		return "", err
	}
	quoted, err := api.JSON(text)
	return string(quoted), err
}

func (k *Keys) grace() time.Duration { return k.cfg.JWKS.GracePeriod.Std() }

// lead is how long before the end of a key its successor is published: the
// usual delay, or a tenth of a short rotation interval.
func (k *Keys) lead() time.Duration {
	return min(activationDelay, k.cfg.JWKS.RotationInterval.Std()/10)
}

// read reads every key.
func (k *Keys) read(ctx context.Context, from *store.Store) (*snapshot, error) {
	rows, err := from.JWTListKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the signing keys: %w", err)
	}
	return k.newSnapshot(rows), nil
}
