package twofactor

import (
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1.
func TestCodesAreThoseOfTheRFC(t *testing.T) {
	t.Parallel()
	o := totp{digits: 8, period: 30 * time.Second}
	key := []byte("12345678901234567890")
	for seconds, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		at := time.Unix(seconds, 0)
		if got := o.code(key, o.step(at)); got != want {
			t.Errorf("at %d the code is %s, want %s", seconds, got, want)
		}
		short := totp{digits: 6, period: 30 * time.Second}
		if got := short.code(key, short.step(at)); got != want[2:] {
			t.Errorf("at %d the short code is %s, want %s", seconds, got, want[2:])
		}
	}
}

func TestCodesOfTheNeighbouringStepsCount(t *testing.T) {
	t.Parallel()
	o := totp{digits: 6, period: 30 * time.Second}
	key, at := []byte("key"), time.Unix(1_000_000_000, 0)
	now := o.step(at)
	for distance, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step, ok := o.match(key, o.code(key, now+distance), at)
		if ok != want || ok && step != now+distance {
			t.Errorf("the code of %d steps away: %d, %v", distance, step-now, ok)
		}
	}
	for _, code := range []string{"", "000000000", o.code(key, now)[:5], o.code(key, now) + "0", " " + o.code(key, now)} {
		if _, ok := o.match(key, code, at); ok {
			t.Errorf("%q is taken", code)
		}
	}
}

func TestURIs(t *testing.T) {
	t.Parallel()
	o := totp{digits: 8, period: time.Minute}
	got := o.uri([]byte("12345678901234567890"), "Ä & Söhne: *~'()!", "ann+x@example.test")
	want := "otpauth://totp/%C3%84%20%26%20S%C3%B6hne%3A%20*~'()!:ann%2Bx%40example.test" +
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%C3%84+%26+S%C3%B6hne%3A+*%7E%27%28%29%21&digits=8&period=60"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
