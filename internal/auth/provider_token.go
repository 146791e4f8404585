package auth

import (
	"encoding/hex"
	"strings"
)

// SealToken gives an access or refresh token of a provider as the account keeps it:
// encrypted under account.encryptOAuthTokens, else as it is. An empty one stays
// empty. ID tokens are never encrypted.
func (a *Auth) SealToken(token string) (string, error) {
	if token == "" || !a.Config.Account.EncryptOAuthTokens {
		return token, nil
	}
	return a.Secrets.Encrypt([]byte(token), a.Rand)
}

// OpenToken gives the token that SealToken, or Better Auth, has stored. Under
// account.encryptOAuthTokens one that was stored before the option was set is given
// as it is; without it nothing is decrypted.
func (a *Auth) OpenToken(stored string) (string, error) {
	if !a.Config.Account.EncryptOAuthTokens || !looksEncrypted(stored) {
		return stored, nil
	}
	token, err := a.Secrets.Decrypt(stored)
	return string(token), err
}

// looksEncrypted tells whether a stored token has the form of a ciphertext, as the
// original judges it: one with the tag of a version, or hexadecimal text.
func looksEncrypted(stored string) bool {
	if strings.HasPrefix(stored, "$ba$") {
		return true
	}
	_, err := hex.DecodeString(stored)
	return stored != "" && err == nil
}
