package legacy

import (
	"crypto/pbkdf2"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"
)

// pbkdf2Rounds are what one iteration takes for each block of the key. Processors
// help with the shorter digests.
var pbkdf2Rounds = map[string]time.Duration{"sha1": 500 * time.Nanosecond, "sha256": 500 * time.Nanosecond, "sha512": time.Microsecond}

// pbkdf2Hash makes the hash of a digest and so many iterations.
func pbkdf2Hash(digest string, iterations int, salt, key []byte) (*Hash, error) {
	sum := digests[digest]
	if sum == nil || digest == "md5" {
		return nil, fmt.Errorf("has the digest %q, which is none of sha1, sha256 and sha512", digest)
	}
	if err := checkLengths(salt, key); err != nil {
		return nil, err
	}
	if iterations < 1 {
		return nil, errors.New("must have an iteration")
	}
	text := fmt.Sprintf("$pbkdf2-%s$%d$%s$%s", digest, iterations, passBase64(salt), passBase64(key))
	blocks := (len(key) + sum().Size() - 1) / sum().Size()
	return bounded(text, float64(pbkdf2Rounds[digest])*float64(iterations)*float64(blocks), func(password []byte) bool {
		got := pbkdf2Key(sum, password, salt, iterations, len(key))
		return subtle.ConstantTimeCompare(got, key) == 1
	})
}

// pbkdf2Key gives nil where the standard library is held to a standard that
// forbids it.
func pbkdf2Key(sum func() hash.Hash, password, salt []byte, iterations, size int) []byte {
	key, err := pbkdf2.Key(sum, string(password), salt, iterations, size)
	if err != nil {
		return nil
	}
	return key
}

// passBase64 is base64 as passlib writes it: without padding, and a dot for the
// plus.
func passBase64(raw []byte) string {
	return strings.ReplaceAll(rawBase64.EncodeToString(raw), "+", ".")
}

var passRest = compiled(`^([0-9]{1,9})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$`)

// parsePassPBKDF2 reads passlib's form.
func parsePassPBKDF2(digest string) func(string) (*Hash, error) {
	return func(rest string) (*Hash, error) {
		parts := passRest().FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("is no hash of passlib: $pbkdf2-%s$iterations$salt$key", digest)
		}
		salt, errSalt := unpadded(strings.ReplaceAll(parts[2], ".", "+"))
		key, errKey := unpadded(strings.ReplaceAll(parts[3], ".", "+"))
		if err := errors.Join(errSalt, errKey); err != nil {
			return nil, err
		}
		return pbkdf2Hash(digest, number(parts[1]), salt, key)
	}
}

var djangoRest = compiled(`^([0-9]{1,9})\$([^$]*)\$([A-Za-z0-9+/]+=*)$`)

// parseDjangoPBKDF2 reads Django's form, whose salt is text.
func parseDjangoPBKDF2(digest string) func(string) (*Hash, error) {
	return func(rest string) (*Hash, error) {
		parts := djangoRest().FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("is no hash of Django: pbkdf2_%s$iterations$salt$key", digest)
		}
		key, err := unpadded(parts[3])
		if err != nil {
			return nil, err
		}
		return pbkdf2Hash(digest, number(parts[1]), []byte(parts[2]), key)
	}
}

var werkzeugPBKDF2 = compiled(`^([a-z0-9]+):([0-9]{1,9})\$([^$]*)\$([0-9a-f]+)$`)

// parseWerkzeugPBKDF2 reads what Flask applications store.
func parseWerkzeugPBKDF2(rest string) (*Hash, error) {
	parts := werkzeugPBKDF2().FindStringSubmatch(rest)
	if parts == nil {
		return nil, errors.New("is no hash of Werkzeug: pbkdf2:digest:iterations$salt$key")
	}
	key, err := decode(parts[4], asHex)
	if err != nil {
		return nil, err
	}
	return pbkdf2Hash(parts[1], number(parts[2]), []byte(parts[3]), key)
}
