package legacy

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/argon2"
)

// argon2Rest is what follows the variant, in the PHC string format.
var argon2Rest = compiled(`^v=19\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=([0-9]{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$`)

// argon2Block is what a pass over a KiB takes.
const argon2Block = time.Microsecond

// argon2Variant is how the memory is walked.
type argon2Variant struct {
	name   string
	derive func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte
}

var (
	argon2id = argon2Variant{"argon2id", argon2.IDKey}
	argon2i  = argon2Variant{"argon2i", argon2.Key}
)

func parseArgon2(v argon2Variant) func(string) (*Hash, error) {
	return func(rest string) (*Hash, error) {
		parts := argon2Rest().FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("is no %s hash of version 19 in the PHC string format", v.name)
		}
		salt, errSalt := unpadded(parts[4])
		key, errKey := unpadded(parts[5])
		if err := errors.Join(errSalt, errKey); err != nil {
			return nil, err
		}
		return v.hash(number(parts[1]), number(parts[2]), number(parts[3]), salt, key)
	}
}

// hash makes the hash of that memory in KiB, passes and lanes.
func (v argon2Variant) hash(memory, passes, lanes int, salt, key []byte) (*Hash, error) {
	switch err := checkLengths(salt, key); {
	case err != nil:
		return nil, err
	case len(salt) < 8:
		return nil, errors.New("has a salt of less than 8 bytes")
	case memory > MaxMemory>>10:
		return nil, fmt.Errorf("costs too much: it takes %d KiB of memory to check, and %d is the most", memory, MaxMemory>>10)
	case lanes < 1 || lanes > maxLanes || passes < 1 || memory < 8*lanes:
		return nil, fmt.Errorf("must have 1 to %d lanes, 8 KiB of memory for each, and a pass", maxLanes)
	}
	text := fmt.Sprintf("$%s$v=19$m=%d,t=%d,p=%d$%s$%s", v.name, memory, passes, lanes, rawBase64.EncodeToString(salt), rawBase64.EncodeToString(key))
	work := float64(argon2Block) * float64(memory) * float64(passes)
	return bounded(text, work, func(password []byte) bool {
		got := v.derive(password, salt, uint32(passes), uint32(memory), uint8(lanes), uint32(len(key))) //nolint:gosec // all bounded above
		return subtle.ConstantTimeCompare(got, key) == 1
	})
}
