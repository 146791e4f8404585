package legacy

import (
	"crypto/md5"  //nolint:gosec // what others have stored
	"crypto/sha1" //nolint:gosec // what others have stored
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash"
)

// digests are the hash functions by their names.
var digests = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New,
}

// Where the salt of a digest stands.
const (
	saltBefore = "before"
	saltAfter  = "after"
)

// digestHash makes the hash that is a digest of password and salt. It protects
// nobody whose hash is known to somebody else, so that no text is taken for one
// that does not say so.
func digestHash(digest, position string, salt, key []byte) (*Hash, error) {
	sum := digests[digest]
	switch {
	case sum == nil:
		return nil, fmt.Errorf("has the digest %q, which is none of md5, sha1, sha256 and sha512", digest)
	case len(key) != sum().Size():
		return nil, fmt.Errorf("is no %s: that has %d bytes, and this %d", digest, sum().Size(), len(key))
	case position != saltBefore && position != saltAfter:
		return nil, fmt.Errorf("has its salt %q, which is neither %s nor %s", position, saltBefore, saltAfter)
	}
	if err := checkLengths(salt, key); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("$digest$a=%s,salt=%s$%s$%s", digest, position, rawBase64.EncodeToString(salt), rawBase64.EncodeToString(key))
	return bounded(text, 0, func(password []byte) bool {
		h := sum()
		first, second := salt, password
		if position == saltAfter {
			first, second = password, salt
		}
		h.Write(first)
		h.Write(second)
		return subtle.ConstantTimeCompare(h.Sum(nil), key) == 1
	})
}

var digestRest = compiled(`^a=([a-z0-9]+),salt=([a-z]+)\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$`)

// parseDigest reads a form of our own: nobody else has one.
func parseDigest(rest string) (*Hash, error) {
	parts := digestRest().FindStringSubmatch(rest)
	if parts == nil {
		return nil, errors.New("is no digest: $digest$a=,salt=$salt$key")
	}
	salt, errSalt := unpadded(parts[3])
	key, errKey := unpadded(parts[4])
	if err := errors.Join(errSalt, errKey); err != nil {
		return nil, err
	}
	return digestHash(parts[1], parts[2], salt, key)
}
