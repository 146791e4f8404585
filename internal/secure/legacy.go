package secure

import (
	"context"
	"io"

	"github.com/sallyport-auth/sallyport/internal/legacy"
)

// Convert checks a password against a hash that other software has made, and gives the text that is to
// be stored in its place; it is empty where the password is wrong. Either way a password is hashed as
// the server's own are, in the same slot, so that a cheap hash does not tell that somebody has it. See
// Verify for the errors.
func (l *Place) Convert(ctx context.Context, hash *legacy.Hash, password string, rand io.Reader) (own string, err error) {
	salt, err := newSalt(rand)
	if err != nil {
		return "", err
	}
	l.p.remember(hash)
	err = l.run(ctx, password, salt, func(key string) {
		if hash.Matches(password) {
			own = stored(salt, key)
		}
	})
	return own, err
}

// remember keeps the dearest hash of other software that was met, for distract.
func (p *Passwords) remember(hash *legacy.Hash) {
	for {
		known := p.decoy.Load()
		if known != nil && known.Work() >= hash.Work() || p.decoy.CompareAndSwap(known, hash) {
			return
		}
	}
}

// distract does the work of a hash of other software, once one was met. A wrong password then takes as
// long for whoever has such a hash, for whoever has one of our own, and for whoever does not exist.
func (p *Passwords) distract(password string) {
	if decoy := p.decoy.Load(); decoy != nil {
		decoy.Matches(password)
	}
}
