package jwt

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// Rotate makes a key. It is published at once and signs after activationDelay,
// or at once if now is set. Where a new key waits for its time already, or
// another rotation has made one in the meantime, that key is the answer.
func (k *Keys) Rotate(ctx context.Context, now bool) (Info, error) {
	asked := k.auth.Time()
	row, err := k.generate()
	if err != nil {
		return Info{}, err
	}
	var made Info
	err = k.alone(ctx, func(tx *store.Store, s *snapshot, at time.Time) error {
		from := at.Add(activationDelay)
		if now {
			from = at
		}
		key := s.rotated(asked, at)
		if key == nil {
			made, err = k.insert(ctx, tx, row, at, &from)
			return err
		}
		made = key.info(stateSigning)
		switch {
		case !key.waits(at):
			return nil
		case now:
			return k.activate(ctx, tx, key.id, at)
		default:
			made.State = stateWaiting
			return nil
		}
	})
	return made, err
}

// rotated gives the newest usable key of the configured algorithm that waits
// for its time, or that was made since the rotation was asked for.
func (s *snapshot) rotated(asked, now time.Time) *key {
	for i := len(s.keys) - 1; i >= 0; i-- {
		k := &s.keys[i]
		recent := k.waits(now) || !k.createdAt.Before(asked)
		if recent && k.signer != nil && k.alg == s.alg && !k.expired(now) {
			return k
		}
	}
	return nil
}

// Retire ends a key: it signs no more, and stays published for
// jwks.gracePeriod. Where no other key is left to sign, a new one is made that
// signs at once.
func (k *Keys) Retire(ctx context.Context, id string) error {
	row, err := k.generate()
	if err != nil {
		return err
	}
	return k.alone(ctx, func(tx *store.Store, _ *snapshot, at time.Time) error {
		n, err := tx.JWTExpireKey(ctx, db.JWTExpireKeyParams{ID: id, At: at})
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNoKey
		}
		if err := k.note(ctx, tx, EventKeyRetired, id); err != nil {
			return err
		}
		left, err := k.read(ctx, tx, nil)
		if err != nil || left.choose(at) != nil {
			return err
		}
		_, err = k.insert(ctx, tx, row, at, nil)
		return err
	})
}

// makeFirst makes a key that signs at once, if there still is none that can.
func (k *Keys) makeFirst(ctx context.Context) error {
	row, err := k.generate()
	if err != nil {
		return err
	}
	return k.alone(ctx, func(tx *store.Store, s *snapshot, at time.Time) error {
		if s.choose(at) != nil {
			return nil
		}
		_, err := k.insert(ctx, tx, row, at, nil)
		return err
	})
}

// makeSuccessor makes the key that follows one about to end, if nobody else
// has. It signs from the moment the old one ends.
func (k *Keys) makeSuccessor(ctx context.Context) error {
	row, err := k.generate()
	if err != nil {
		return err
	}
	return k.alone(ctx, func(tx *store.Store, s *snapshot, at time.Time) error {
		old, from := k.successorDue(s, at)
		if old == nil {
			return nil
		}
		if _, err := k.insert(ctx, tx, row, at, &from); err != nil || old.expiresAt != nil {
			return err
		}
		// It was made without an end, and gets one, so that it leaves the key
		// set some day.
		if _, err := tx.JWTExpireKey(ctx, db.JWTExpireKeyParams{ID: old.id, At: from}); err != nil {
			return err
		}
		return k.note(ctx, tx, EventKeyRetired, old.id)
	})
}

// alone runs change with every other instance kept waiting, on the keys as
// they are then.
func (k *Keys) alone(ctx context.Context, change func(tx *store.Store, s *snapshot, at time.Time) error) error {
	return k.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := tx.JWTLockRotation(ctx, k.auth.Time()); err != nil {
			return err
		}
		s, err := k.read(ctx, tx, nil)
		if err != nil {
			return err
		}
		return change(tx, s, k.auth.Time())
	})
}

// insert stores a new key. A nil from lets it sign at once.
func (k *Keys) insert(ctx context.Context, tx *store.Store, row db.JWTInsertKeyParams, at time.Time, from *time.Time) (Info, error) {
	row.CreatedAt = at
	if interval := k.cfg.JWKS.RotationInterval.Std(); interval > 0 {
		end := at.Add(interval)
		row.ExpiresAt = &end
	}
	if row.ID == "" {
		var err error
		if row.ID, err = tx.NextID(ctx, "jwks"); err != nil {
			return Info{}, err
		}
	}
	if err := tx.JWTInsertKey(ctx, row); err != nil {
		return Info{}, err
	}
	state := stateSigning
	if from != nil {
		if err := tx.JWTActivateKey(ctx, db.JWTActivateKeyParams{Kid: row.ID, SignsFrom: *from}); err != nil {
			return Info{}, err
		}
		if from.After(at) {
			state = stateWaiting
		}
	}
	made := Info{ID: row.ID, Alg: *row.Alg, State: state, CreatedAt: at, ExpiresAt: row.ExpiresAt, Usable: true}
	return made, k.note(ctx, tx, EventKeyMade, row.ID)
}

// activate lets a key that waits sign from now on.
func (k *Keys) activate(ctx context.Context, tx *store.Store, id string, now time.Time) error {
	if err := tx.JWTActivateKey(ctx, db.JWTActivateKeyParams{Kid: id, SignsFrom: now}); err != nil {
		return err
	}
	return k.note(ctx, tx, EventKeyActivated, id)
}

// note writes what has become of a key to the audit log.
func (k *Keys) note(ctx context.Context, tx *store.Store, e auth.Event, id string) error {
	return tx.Note(ctx, k.auth.Note(nil, e).With("key", id))
}

// generate makes a key pair, ready to be stored but for its times. It runs
// before the transaction: a large RSA key takes seconds.
func (k *Keys) generate() (db.JWTInsertKeyParams, error) {
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
	row := db.JWTInsertKeyParams{ID: id, PublicKey: keys.Public, PrivateKey: private, Alg: &alg}
	if curve := jose.Curve(alg); curve != "" {
		row.Crv = &curve
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
