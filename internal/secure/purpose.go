package secure

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
)

// purposeSalt separates the keys of purposes from every other use of a secret.
const purposeSalt = "better-auth:oauth-encryption:v1"

// Purpose gives secrets that are derived from these, as Better Auth derives those of what an OAuth
// flow encrypts, such as oauth-state-cookie: nothing encrypted for one purpose can be decrypted for
// another. Versions stay what they are.
func (s *Secrets) Purpose(purpose string) *Secrets {
	var single string
	var versions []Version
	for version, secret := range s.values {
		key := purposeKey(secret, purpose)
		switch version {
		case untaggedVersion:
			single = key
		case s.newest:
			versions = append([]Version{{int(version), key}}, versions...)
		default:
			versions = append(versions, Version{int(version), key})
		}
	}
	derived, err := NewSecrets(single, versions)
	if err != nil {
		panic(err) // only where these secrets were not sound either
	}
	return derived
}

// purposeKey is HKDF (RFC 5869) with SHA-256, in hexadecimal.
func purposeKey(secret, purpose string) string {
	key, err := hkdf.Key(sha256.New, []byte(secret), []byte(purposeSalt), "better-auth:"+purpose+":v1", sha256.Size)
	if err != nil {
		panic(err) // only for a key of absurd length
	}
	return hex.EncodeToString(key)
}
