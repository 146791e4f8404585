package transcript

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// jweForm is a compact JWE without an encrypted key (RFC 7516, "dir").
var jweForm = regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// What encrypted cookies are derived for: session caches, and accounts at a
// provider.
const (
	forSessions = "better-auth-session"
	forAccounts = "better-auth-account"
)

// cacheKey derives the key of encrypted cookies from a secret, and the key's name.
func cacheKey(secret, purpose string) (key []byte, kid string, err error) {
	key, err = hkdf.Key(sha256.New, []byte(secret), []byte(purpose), "BetterAuth.js Generated Encryption Key", 64)
	if err != nil {
		return nil, "", err
	}
	print := sha256.Sum256([]byte(`{"k":"` + base64.RawURLEncoding.EncodeToString(key) + `","kty":"oct"}`))
	return key, base64.RawURLEncoding.EncodeToString(print[:]), nil
}

// newID checks that the id of a token is a UUID that none had before, and takes
// away its number, which would only count the tokens that there have been.
func (r *reader) newID(claims node) node {
	jti, _ := claims.child("jti")
	id, ok := jti.text()
	if !ok || uuid.FindString(id) != id || r.names.known("uuid", id) {
		return claims
	}
	r.names.given["uuid "+id] = "<a uuid of before>"
	return claims.with([]string{"jti"}, &node{raw: quote("<a new uuid>")})
}

// encrypted opens an encrypted session cache with the secret that its header
// names.
func (r *reader) encrypted(ctx context.Context, value string) string {
	header, err := opened(strings.SplitN(value, ".", 2)[0])
	if err != nil {
		return r.names.ids(value)
	}
	kid, _ := header.child("kid")
	named, _ := kid.text()
	for version, secret := range r.versions {
		key, own, err := cacheKey(secret, forSessions)
		if own != named {
			key, own, err = cacheKey(secret, forAccounts)
		}
		if err != nil || own != named {
			continue
		}
		plain, err := openJWE(key, value)
		if err != nil {
			return "<not decryptable: " + err.Error() + ">"
		}
		claims, err := parseCompact(string(plain))
		if err != nil {
			return "<encrypted, unreadable: " + err.Error() + ">"
		}
		name := fmt.Sprintf("<key of version %d>", version)
		header = header.with([]string{"kid"}, &node{raw: quote(name)})
		return fmt.Sprintf("<encrypted %s %s>", header, r.json(ctx, r.dates(r.newID(claims))))
	}
	return "<encrypted with an unknown key>"
}

var errTag = errors.New("the authentication tag does not match")

// openJWE decrypts A256CBC-HS512 (RFC 7518, section 5.2).
func openJWE(key []byte, value string) ([]byte, error) {
	part := strings.Split(value, ".")
	var raw [5][]byte
	for i := range raw {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part[i]); err != nil {
			return nil, err
		}
	}
	iv, sealed, tag := raw[2], raw[3], raw[4]
	if !hmac.Equal(tag, jweTag(key, part[0], iv, sealed)) {
		return nil, errTag
	}
	block, err := aes.NewCipher(key[32:])
	if err != nil {
		return nil, err
	}
	if len(iv) != aes.BlockSize || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, errors.New("the ciphertext is no whole number of blocks")
	}
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, sealed)
	padding := int(plain[len(plain)-1])
	if padding < 1 || padding > aes.BlockSize || padding > len(plain) {
		return nil, errors.New("the padding is wrong")
	}
	return plain[:len(plain)-padding], nil
}

func jweTag(key []byte, header string, iv, sealed []byte) []byte {
	mac := hmac.New(sha512.New, key[:32])
	mac.Write([]byte(header))
	mac.Write(iv)
	mac.Write(sealed)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(header))*8))
	return mac.Sum(nil)[:32]
}

// resealJWE is for caches encrypted with the current secret.
func (v *vars) resealJWE(edit func(string) (string, error), value string) (string, error) {
	key, _, err := cacheKey(v.secret, forSessions)
	if err != nil {
		return "", err
	}
	plain, err := openJWE(key, value)
	if err != nil {
		return "", err
	}
	payload, err := edit(string(plain))
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key[32:])
	if err != nil {
		return "", err
	}
	header, _, _ := strings.Cut(value, ".")
	iv := make([]byte, aes.BlockSize)
	if _, err := rand.Read(iv); err != nil {
		return "", err
	}
	padding := aes.BlockSize - len(payload)%aes.BlockSize
	sealed := append([]byte(payload), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, sealed)
	encode := base64.RawURLEncoding.EncodeToString
	return header + ".." + encode(iv) + "." + encode(sealed) + "." + encode(jweTag(key, header, iv, sealed)), nil
}
