// Package legacy knows the password hashes of other software: bcrypt, Argon2,
// scrypt and Firebase's form of it, PBKDF2, and plain digests with a salt.
//
// They are only ever checked. Whoever has shown the right password gets a hash of
// the server's own form in its place (package secure), so that none is made here.
package legacy

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What a hash may cost. Whoever wrote it chose the cost, and every try to sign in
// pays for it.
const (
	// MaxMemory is the most memory, in bytes.
	MaxMemory = 64 << 20
	// MaxWork is the most time, by a rough estimate for one core.
	MaxWork = 2 * time.Second
	// maxLanes bounds what runs at the same time.
	maxLanes = 16
	// Shorter hashes could be met by chance, longer ones are none.
	minKey, maxKey = 16, 128
	maxSalt        = 256
	maxText        = 2048
)

// ErrUnknown says that a text is no hash that this package knows.
var ErrUnknown = errors.New("is no hash of a known form")

// Hash is a password hash with everything it takes to check a password.
type Hash struct {
	text    string
	work    time.Duration
	matches func(password []byte) bool
}

// forms are the ways in which hashes are written, by how they begin. What is
// written another way is turned into one of those that begin with a dollar sign.
var forms = []struct {
	prefix string
	parse  func(rest string) (*Hash, error)
}{
	{"$2a$", parseBcrypt("$2a$")},
	{"$2b$", parseBcrypt("$2b$")},
	{"$2y$", parseBcrypt("$2y$")},
	{"$argon2id$", parseArgon2(argon2id)},
	{"$argon2i$", parseArgon2(argon2i)},
	{"$scrypt$", parseScrypt},
	{"$fbscrypt$", parseFirebase},
	{"$pbkdf2$", parsePassPBKDF2("sha1")},
	{"$pbkdf2-sha1$", parsePassPBKDF2("sha1")},
	{"$pbkdf2-sha256$", parsePassPBKDF2("sha256")},
	{"$pbkdf2-sha512$", parsePassPBKDF2("sha512")},
	{"$digest$", parseDigest},
	{"pbkdf2_sha1$", parseDjangoPBKDF2("sha1")},
	{"pbkdf2_sha256$", parseDjangoPBKDF2("sha256")},
	{"scrypt$", parseDjangoScrypt},
	{"argon2$argon2id$", parseArgon2(argon2id)},
	{"argon2$argon2i$", parseArgon2(argon2i)},
	{"bcrypt$$2a$", parseBcrypt("$2a$")},
	{"bcrypt$$2b$", parseBcrypt("$2b$")},
	{"bcrypt$$2y$", parseBcrypt("$2y$")},
	{"pbkdf2:", parseWerkzeugPBKDF2},
	{"scrypt:", parseWerkzeugScrypt},
}

// Parse reads a hash that names its algorithm. ErrUnknown says that it does not;
// any other error tells what is wrong with it, and goes on after the name of what
// it is an error of.
func Parse(text string) (*Hash, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("is longer than %d characters", maxText)
	}
	for _, f := range forms {
		if rest, ok := strings.CutPrefix(text, f.prefix); ok {
			return f.parse(rest)
		}
	}
	return nil, ErrUnknown
}

// Known tells whether a text is written as a hash of this package, right or wrong.
func Known(text string) bool {
	for _, f := range forms {
		if strings.HasPrefix(text, f.prefix) {
			return true
		}
	}
	return false
}

// String is the hash as it is stored. Parse reads it.
func (h *Hash) String() string { return h.text }

// Work is what it takes to check a password, by a rough estimate.
func (h *Hash) Work() time.Duration { return h.work }

// Matches tells whether the hash was made of that password. Its time does not
// depend on how much of the hash is met.
func (h *Hash) Matches(password string) bool { return h.matches([]byte(password)) }

// bounded refuses a hash that costs too much.
func bounded(text string, work float64, matches func([]byte) bool) (*Hash, error) {
	if work > float64(MaxWork) {
		return nil, errors.New("costs too much: checking one password would take more than " + MaxWork.String())
	}
	return &Hash{text, time.Duration(work), matches}, nil
}

// checkLengths refuses salts and keys that no software makes.
func checkLengths(salt, key []byte) error {
	switch {
	case len(salt) > maxSalt:
		return fmt.Errorf("has a salt of more than %d bytes", maxSalt)
	case len(key) < minKey || len(key) > maxKey:
		return fmt.Errorf("must be %d to %d bytes long, and has %d", minKey, maxKey, len(key))
	}
	return nil
}
