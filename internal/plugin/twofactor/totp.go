package twofactor

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 and every authenticator app
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// totp is how codes are made from a secret and the time (RFC 6238).
type totp struct {
	digits int
	period time.Duration
}

// window is by how many steps a clock may differ.
const window = 1

// step is the number of the step of time that an instant is in.
func (o totp) step(at time.Time) int64 { return at.UnixMilli() / o.period.Milliseconds() }

// began is when a step begins.
func (o totp) began(step int64) time.Time {
	return time.UnixMilli(step * o.period.Milliseconds()).UTC()
}

// code gives the code of a step (RFC 4226, section 5.3).
func (o totp) code(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	number := uint64(binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff)
	modulus := uint64(1)
	for range o.digits {
		modulus *= 10
	}
	text := strconv.FormatUint(number%modulus, 10)
	return strings.Repeat("0", o.digits-len(text)) + text
}

// match gives the step whose code it is, the latest where there are several. All
// of them are compared, whatever the first ones say.
func (o totp) match(key []byte, code string, at time.Time) (step int64, ok bool) {
	now := o.step(at)
	for s := now - window; s <= now+window; s++ {
		if subtle.ConstantTimeCompare([]byte(code), []byte(o.code(key, s))) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// uri gives what an authenticator app reads (the key URI format of Google
// Authenticator). Its members are written as Better Auth writes them.
func (o totp) uri(key []byte, issuer, account string) string {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(key)
	return "otpauth://totp/" + api.EncodeURIComponent(issuer) + ":" + api.EncodeURIComponent(account) +
		"?secret=" + secret + "&issuer=" + formEscape(issuer) +
		"&digits=" + strconv.Itoa(o.digits) + "&period=" + strconv.FormatInt(int64(o.period/time.Second), 10)
}

// formEscape writes a value of a query as URLSearchParams does.
func formEscape(text string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(text))
}
