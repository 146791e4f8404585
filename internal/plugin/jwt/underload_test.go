package jwt

import (
	"bytes"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

// verifier keeps a key set for verifierCache, as an API would, and takes it
// from the instance whose turn it is.
type verifier struct {
	set     []byte
	fetched time.Time
	turn    int
}

func (v *verifier) keySet(now time.Time, from []*instance) []byte {
	if v.set == nil || now.Sub(v.fetched) >= verifierCache {
		v.set, v.fetched = from[v.turn%len(from)].keySet(), now
		v.turn++
	}
	return v.set
}

// fleet is a verifier for each second of a minute and each instance to begin
// with, so that some one fetches at every moment that could be the wrong one.
func fleet(d *deployment, from []*instance) []*verifier {
	var out []*verifier
	for phase := range int(verifierCache / time.Second) {
		for first := range from {
			v := &verifier{turn: first, fetched: d.Now().Add(time.Duration(phase-60) * time.Second)}
			v.set = from[first].keySet()
			out = append(out, v)
		}
	}
	return out
}

// TestNoValidTokenIsRefusedWhileKeysRotate is promise R16: two instances that
// read at different moments, and verifiers that keep key sets.
func TestNoValidTokenIsRefusedWhileKeysRotate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cfg    Config
		rotate int // seconds
	}{
		"by command every two minutes": {Config{}, 120},
		"by interval":                  {rotating(12 * time.Minute), 0},
		"by both":                      {rotating(15 * time.Minute), 170},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t)
			both := []*instance{d.instance(c.cfg, testSecret), d.instance(c.cfg, testSecret)}
			both[0].read()
			both[1].read()
			verifiers := fleet(d, both)
			signed := map[string]bool{}
			for second := range 30 * 60 {
				d.advance(time.Second)
				if c.rotate > 0 && second%c.rotate == 1 {
					together(t, 2, func() error { _, err := both[second%2].keys.Rotate(t.Context(), false); return err })
				}
				for n, one := range both {
					if (second+3*n)%5 == 0 {
						one.read()
					}
				}
				for _, one := range both {
					checkToken(t, one, verifiers, both, signed)
				}
				if t.Failed() {
					t.Fatalf("after %d s; keys %+v", second, both[0].list())
				}
			}
			if keys := both[0].list(); len(signed) < 3 || len(keys)-len(signed) > 1 {
				t.Errorf("%d keys have signed, %d were made", len(signed), len(keys))
			}
		})
	}
}

// checkToken signs with one instance and shows the token to every verifier.
// The signature is checked once for each key; after that its id tells.
func checkToken(t *testing.T, one *instance, verifiers []*verifier, from []*instance, signed map[string]bool) {
	t.Helper()
	signer, err := one.signer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := signer.Sign([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	kid := kidOf(t, token)
	for _, v := range verifiers {
		set := v.keySet(one.keys.auth.Now(), from)
		if !bytes.Contains(set, []byte(kid)) {
			t.Errorf("a verifier with a key set %v old does not know %s", one.keys.auth.Now().Sub(v.fetched), kid)
			return
		}
		if !signed[kid] {
			signed[kid] = true
			if _, err := jose.Verify(token, set); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestRingUnderLoad is for the race detector: requests, readings and rotations
// at once.
func TestRingUnderLoad(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one := d.instance(rotating(time.Hour), testSecret)
	one.read()
	var stop atomic.Bool
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for !stop.Load() {
				signer, err := one.signer(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				token, err := signer.Sign([]byte(`{}`))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := jose.Verify(token, one.keySet()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 12 {
		d.advance(5 * time.Minute)
		one.read()
		if _, err := one.keys.Rotate(t.Context(), true); err != nil {
			t.Error(err)
		}
	}
	stop.Store(true)
	wait.Wait()
}
