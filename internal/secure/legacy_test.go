package secure

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/legacy"
)

// Hashes of "secret" with the salt "salt", by Python's hashlib.
const (
	cheapHash = "$digest$a=md5,salt=before$c2FsdA$1CoPdC/8G+ThzAhFwkKclw"
	dearHash  = "$pbkdf2-sha256$100000$c2FsdA$P6CUIRwM8u0dMyq0Otxpqg"
)

func old(t *testing.T, text string) *legacy.Hash {
	t.Helper()
	h, err := legacy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashesOfOtherSoftwareAreConverted(t *testing.T) {
	for _, text := range []string{cheapHash, dearHash} {
		p, hashes := stubbed(t)
		own, err := in(p).Convert(t.Context(), old(t, text), "secret", rand.Reader)
		if err != nil || !strings.HasSuffix(own, ":736563726574") || hashes.Load() != 1 {
			t.Errorf("%s becomes %q, %v, after %d hashes", text, own, err, hashes.Load())
		}
		if ok, err := in(p).Verify(t.Context(), own, "secret"); err != nil || !ok {
			t.Errorf("what it becomes is verified as %v, %v", ok, err)
		}
	}
}

func TestAWrongPasswordIsAsMuchWork(t *testing.T) {
	p, hashes := stubbed(t)
	own, err := in(p).Convert(t.Context(), old(t, cheapHash), "wrong", rand.Reader)
	if err != nil || own != "" || hashes.Load() != 1 {
		t.Errorf("a wrong password gives %q, %v, after %d hashes", own, err, hashes.Load())
	}
}

func TestConvertingNeedsRandomness(t *testing.T) {
	p, hashes := stubbed(t)
	if own, err := in(p).Convert(t.Context(), old(t, cheapHash), "secret", strings.NewReader("short")); err == nil || own != "" || hashes.Load() != 0 {
		t.Errorf("%q, %v, %d hashes", own, err, hashes.Load())
	}
}

func TestConvertingTakesASlot(t *testing.T) {
	p, hashes := stubbed(t)
	p.Close()
	if own, err := in0(p).Convert(t.Context(), old(t, cheapHash), "secret", rand.Reader); err == nil || own != "" || hashes.Load() != 0 {
		t.Errorf("%q, %v, %d hashes", own, err, hashes.Load())
	}
}

// in0 is a place that nobody has asked for.
func in0(p *Passwords) *Place { return &Place{p, ""} }

// Once somebody has a hash of other software, whoever does not exist takes as long
// as they do. A right password is not held up.
func TestStrangersTakeAsLongAsTheDearestHash(t *testing.T) {
	p, _ := stubbed(t)
	took := func(f func() error) time.Duration {
		began := time.Now()
		if err := f(); err != nil {
			t.Fatal(err)
		}
		return time.Since(began)
	}
	nobody := func() error { return in(p).DummyHash(t.Context(), "secret") }
	own := func(password string) func() error {
		return func() error { _, err := in(p).Verify(t.Context(), "salt:736563726574", password); return err }
	}
	for _, text := range []string{dearHash, cheapHash} {
		if _, err := in(p).Convert(t.Context(), old(t, text), "wrong", rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	least := took(func() error { old(t, dearHash).Matches("secret"); return nil }) / 4
	if got := took(nobody); got < least {
		t.Errorf("nobody takes %s, want %s and more", got, least)
	}
	if got := took(own("wrong")); got < least {
		t.Errorf("a wrong password of our own takes %s, want %s and more", got, least)
	}
	right := own("secret") // the quickest of three: the machine may be busy with something else
	if got := min(took(right), took(right), took(right)); got >= least {
		t.Errorf("a right password takes %s, want less than %s", got, least)
	}
}
