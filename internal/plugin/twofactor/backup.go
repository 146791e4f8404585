package twofactor

import (
	"crypto/subtle"
	"encoding/json"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// backupAlphabet is the alphabet of backup codes.
const backupAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// hyphenAfter is how many characters of a backup code stand before its hyphen.
const hyphenAfter = 5

// newBackupCodes makes the codes of a user, and the form in which they are stored.
func (t *TwoFactor) newBackupCodes() (codes []string, stored string, err error) {
	for range t.cfg.BackupCodeOptions.Amount {
		text, err := secure.RandomString(t.auth.Rand, backupAlphabet, t.cfg.BackupCodeOptions.Length)
		if err != nil {
			return nil, "", err
		}
		codes = append(codes, text[:hyphenAfter]+"-"+text[hyphenAfter:])
	}
	stored, err = t.storedCodes(codes)
	return codes, stored, err
}

// storedCodes gives the form in which codes are stored: a list in JSON, which is
// encrypted unless the configuration says otherwise.
func (t *TwoFactor) storedCodes(codes []string) (string, error) {
	if codes == nil {
		codes = []string{}
	}
	text, err := api.JSON(codes)
	if err != nil || t.cfg.BackupCodeOptions.StoreBackupCodes == "plain" {
		return string(text), err
	}
	return t.auth.Secrets.Encrypt(text, t.auth.Rand)
}

// withoutCode takes a code out of a stored list. Every code of the list is
// compared. A list that nobody can read has no codes.
func (t *TwoFactor) withoutCode(stored, code string) (rest []string, found bool) {
	text := []byte(stored)
	if t.cfg.BackupCodeOptions.StoreBackupCodes != "plain" {
		var err error
		if text, err = t.auth.Secrets.Decrypt(stored); err != nil {
			return nil, false
		}
	}
	var codes []string
	if json.Unmarshal(text, &codes) != nil {
		return nil, false
	}
	for _, have := range codes {
		if subtle.ConstantTimeCompare([]byte(have), []byte(code)) == 1 {
			found = true
			continue
		}
		rest = append(rest, have)
	}
	return rest, found
}
