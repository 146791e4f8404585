package twofactor

import (
	"encoding/base32"
	"net/url"
	"strconv"
	"testing"
	"time"
)

// CodeAt gives the code that an authenticator app shows at a time.
func CodeAt(t testing.TB, uri string, at time.Time) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(q.Get("secret"))
	digits, errDigits := strconv.Atoi(q.Get("digits"))
	period, errPeriod := strconv.Atoi(q.Get("period"))
	if err != nil || errDigits != nil || errPeriod != nil || len(key) == 0 {
		t.Fatalf("%q is not what an app reads", uri)
	}
	o := totp{digits: digits, period: time.Duration(period) * time.Second}
	return o.code(key, o.step(at))
}
