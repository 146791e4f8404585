package legacy

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"golang.org/x/crypto/scrypt"
)

// scryptUnit is what it takes to mix 128 bytes, both ways.
const scryptUnit = 500 * time.Nanosecond

// scryptCost are scrypt's parameters.
type scryptCost struct{ ln, r, p int }

// check refuses what no software makes, and what takes too much memory.
func (c scryptCost) check() error {
	switch {
	case c.ln < 1 || c.ln > 30 || c.r < 1 || c.r > 1<<16 || c.p < 1 || c.p > maxLanes:
		return fmt.Errorf("has a cost outside of what scrypt allows, or more than %d lanes", maxLanes)
	case c.memory() > MaxMemory:
		return fmt.Errorf("costs too much: it takes %d KiB of memory to check, and %d is the most", c.memory()>>10, MaxMemory>>10)
	}
	return nil
}

// memory is what mixing takes, or the lanes side by side where those are more.
func (c scryptCost) memory() int64 { return int64(128*c.r) * max(1<<c.ln, int64(c.p)) }

// work is the estimate of the time.
func (c scryptCost) work() float64 {
	return float64(scryptUnit) * float64(uint64(1)<<c.ln) * float64(c.r) * float64(c.p)
}

// derive gives a key; the cost has been checked.
func (c scryptCost) derive(password, salt []byte, size int) []byte {
	key, err := scrypt.Key(password, salt, 1<<c.ln, c.r, c.p, size)
	if err != nil {
		return nil
	}
	return key
}

// hash makes a plain scrypt hash.
func (c scryptCost) hash(salt, key []byte) (*Hash, error) {
	if err := errors.Join(c.check(), checkLengths(salt, key)); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("$scrypt$ln=%d,r=%d,p=%d$%s$%s", c.ln, c.r, c.p, rawBase64.EncodeToString(salt), rawBase64.EncodeToString(key))
	return bounded(text, c.work(), func(password []byte) bool {
		return subtle.ConstantTimeCompare(c.derive(password, salt, len(key)), key) == 1
	})
}

// costOf reads a cost whose N is written out.
func costOf(n, r, p string) scryptCost {
	c := scryptCost{0, number(r), number(p)}
	if n := number(n); n > 1 && bits.OnesCount(uint(n)) == 1 {
		c.ln = bits.TrailingZeros(uint(n))
	}
	return c
}

var scryptRest = compiled(`^ln=([0-9]{1,2}),r=([0-9]{1,6}),p=([0-9]{1,6})\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$`)

// parseScrypt reads the PHC string format, as passlib writes it.
func parseScrypt(rest string) (*Hash, error) {
	parts := scryptRest().FindStringSubmatch(rest)
	if parts == nil {
		return nil, errors.New("is no scrypt hash in the PHC string format")
	}
	salt, errSalt := unpadded(parts[4])
	key, errKey := unpadded(parts[5])
	if err := errors.Join(errSalt, errKey); err != nil {
		return nil, err
	}
	return scryptCost{number(parts[1]), number(parts[2]), number(parts[3])}.hash(salt, key)
}

// parseDjangoScrypt reads N$salt$r$p$key.
func parseDjangoScrypt(rest string) (*Hash, error) {
	parts := strings.Split(rest, "$")
	if len(parts) != 5 {
		return nil, errors.New("is no scrypt hash of Django: scrypt$N$salt$r$p$key")
	}
	key, err := unpadded(parts[4])
	if err != nil {
		return nil, err
	}
	return costOf(parts[0], parts[2], parts[3]).hash([]byte(parts[1]), key)
}

var werkzeugScrypt = compiled(`^([0-9]{1,9}):([0-9]{1,6}):([0-9]{1,6})\$([^$]*)\$([0-9a-f]+)$`)

// parseWerkzeugScrypt reads what Flask applications store.
func parseWerkzeugScrypt(rest string) (*Hash, error) {
	parts := werkzeugScrypt().FindStringSubmatch(rest)
	if parts == nil {
		return nil, errors.New("is no scrypt hash of Werkzeug: scrypt:N:r:p$salt$key")
	}
	key, err := decode(parts[5], asHex)
	if err != nil {
		return nil, err
	}
	return costOf(parts[1], parts[2], parts[3]).hash([]byte(parts[4]), key)
}
