package transcript

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// totpURI is what an authenticator app reads.
type totpURI struct {
	key            []byte
	digits, period int
}

var errTOTPURI = errors.New("no otpauth:// address of an app")

func parseTOTPURI(text string) (totpURI, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "otpauth" {
		return totpURI{}, errTOTPURI
	}
	q := u.Query()
	key, errKey := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(q.Get("secret"))
	digits, errDigits := strconv.Atoi(q.Get("digits"))
	period, errPeriod := strconv.Atoi(q.Get("period"))
	if err := errors.Join(errKey, errDigits, errPeriod); err != nil || period < 1 || digits < 1 || digits > 9 {
		return totpURI{}, errTOTPURI
	}
	return totpURI{key, digits, period}, nil
}

// code is what the app shows at a time (RFC 6238).
func (u totpURI) code(at time.Time) string {
	mac := hmac.New(sha1.New, u.key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/int64(u.period))))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	text := fmt.Sprintf("%0*d", u.digits, binary.BigEndian.Uint32(sum[offset:offset+4])&0x7fffffff)
	return text[len(text)-u.digits:]
}

// TOTPCode is the function totp:n, the code so many steps from now of the app
// with an address.
func TOTPCode(uri, steps string, now time.Time) (string, error) {
	u, err := parseTOTPURI(uri)
	if err != nil {
		return "", err
	}
	n := 0
	if steps != "" {
		if n, err = strconv.Atoi(steps); err != nil {
			return "", err
		}
	}
	return u.code(now.Add(time.Duration(n*u.period) * time.Second)), nil
}

var secretInURI = regexp.MustCompile(`secret=[A-Z2-7]+`)

// totpURI names the secret in the address for an app as it is named where it is
// stored, and leaves the rest as it stands.
func (r *reader) totpURI(text string) (string, bool) {
	u, err := parseTOTPURI(text)
	if err != nil {
		return "", false
	}
	return secretInURI.ReplaceAllLiteralString(text, "secret=<base32 of "+r.names.of("app secret", string(u.key))+">"), true
}

// backupCodes names each code of a list.
func (r *reader) backupCodes(ctx context.Context, n node) node {
	if n.items == nil {
		return r.json(ctx, n)
	}
	items := make([]node, len(n.items))
	for i, item := range n.items {
		text, ok := item.text()
		if !ok {
			items[i] = item
			continue
		}
		head, tail, _ := strings.Cut(text, "-")
		items[i] = node{raw: quote(r.names.of(fmt.Sprintf("backup code of %d-%d", len(head), len(tail)), text))}
	}
	return node{items: items}
}

// secondFactor reads a stored secret or list of backup codes, encrypted or not.
func (r *reader) secondFactor(ctx context.Context, value string) string {
	if !sealedForm.MatchString(value) {
		return r.codesOrText(ctx, value)
	}
	plain, version, err := r.unseal(value)
	if err != nil {
		return "<not decryptable: " + err.Error() + ">"
	}
	return "<encrypted" + version + " " + r.codesOrText(ctx, plain) + ">"
}

func (r *reader) codesOrText(ctx context.Context, text string) string {
	if n, err := parseCompact(text); err == nil && n.items != nil && json.Valid([]byte(text)) {
		return r.backupCodes(ctx, n).String()
	}
	if appSecret.MatchString(text) {
		return r.names.of("app secret", text)
	}
	return r.text(ctx, text)
}

// appSecret is the form of a secret of an app.
var appSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)
