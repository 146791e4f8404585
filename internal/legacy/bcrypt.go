package legacy

import (
	"errors"
	"strconv"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// bcryptRest is what follows the version: the cost, 22 characters of salt and 31
// of hash, of which the last has bits to spare.
var bcryptRest = compiled(`^([0-3][0-9])\$[./A-Za-z0-9]{53}$`)

// bcryptRound is what a round takes, of which there are two to the power of the
// cost.
const bcryptRound = 50 * time.Microsecond

// errBcrypt is about the form of a bcrypt hash.
var errBcrypt = errors.New("is no bcrypt hash: those have a cost of two digits and 53 characters")

// parseBcrypt reads what follows the version. The versions that are taken differ
// in faults of software that is long gone, and mean the same hash.
//
// Only the first 72 bytes of a password count, as where the hash was made. The
// hash that takes its place is of the whole password.
func parseBcrypt(version string) func(string) (*Hash, error) {
	return func(rest string) (*Hash, error) {
		parts := bcryptRest().FindStringSubmatch(rest)
		if parts == nil {
			return nil, errBcrypt
		}
		text := version + rest
		cost, err := strconv.Atoi(parts[1])
		if err != nil || cost < bcrypt.MinCost || cost > bcrypt.MaxCost {
			return nil, errBcrypt
		}
		return bounded(text, float64(bcryptRound)*float64(uint64(1)<<cost), func(password []byte) bool {
			return bcrypt.CompareHashAndPassword([]byte(text), password) == nil
		})
	}
}
