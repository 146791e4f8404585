package legacy

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
)

// Firebase are the parameters that all hashes of a Firebase project share.
type Firebase struct {
	SignerKey, SaltSeparator []byte
	Rounds, MemCost          int
}

// hash makes the hash of a user. It holds the parameters too, so that it is
// checked without a configuration.
func (f Firebase) hash(salt, key []byte) (*Hash, error) {
	c := scryptCost{f.MemCost, f.Rounds, 1}
	if err := errors.Join(c.check(), checkLengths(append(salt[:len(salt):len(salt)], f.SaltSeparator...), key)); err != nil {
		return nil, err
	}
	if len(f.SignerKey) != len(key) {
		return nil, errors.New("is not as long as the signer key, which was of another project, or cut off")
	}
	b64 := base64.StdEncoding
	text := fmt.Sprintf("$fbscrypt$v=1,n=%d,r=%d,p=1,ss=%s,sk=%s$%s$%s", f.MemCost, f.Rounds,
		b64.EncodeToString(f.SaltSeparator), b64.EncodeToString(f.SignerKey), b64.EncodeToString(salt), b64.EncodeToString(key))
	return bounded(text, c.work(), func(password []byte) bool {
		return subtle.ConstantTimeCompare(f.sign(c, password, salt), key) == 1
	})
}

// sign encrypts the project's key under one that is derived from the password.
func (f Firebase) sign(c scryptCost, password, salt []byte) []byte {
	derived := c.derive(password, append(salt[:len(salt):len(salt)], f.SaltSeparator...), 32)
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil
	}
	signed := make([]byte, len(f.SignerKey))
	cipher.NewCTR(block, make([]byte, aes.BlockSize)).XORKeyStream(signed, f.SignerKey)
	return signed
}

var firebaseRest = compiled(`^v=1,n=([0-9]{1,2}),r=([0-9]{1,6}),p=1,ss=([A-Za-z0-9+/]*=*),sk=([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]*=*)\$([A-Za-z0-9+/]+=*)$`)

// parseFirebase reads the form in which Supabase keeps such hashes.
func parseFirebase(rest string) (*Hash, error) {
	parts := firebaseRest().FindStringSubmatch(rest)
	if parts == nil {
		return nil, errors.New("is no hash of Firebase: $fbscrypt$v=1,n=,r=,p=1,ss=,sk=$salt$key")
	}
	var raw [4][]byte
	for i := range raw {
		var err error
		if raw[i], err = unpadded(parts[i+3]); err != nil {
			return nil, err
		}
	}
	f := Firebase{SaltSeparator: raw[0], SignerKey: raw[1], Rounds: number(parts[2]), MemCost: number(parts[1])}
	return f.hash(raw[2], raw[3])
}
