package jwt

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
)

func kidOf(t testing.TB, token string) string {
	t.Helper()
	header, err := base64.RawURLEncoding.DecodeString(token[:strings.IndexByte(token, '.')])
	if err != nil {
		t.Fatal(err)
	}
	var h struct{ KID string }
	if err := json.Unmarshal(header, &h); err != nil {
		t.Fatal(err)
	}
	return h.KID
}

func rotating(interval time.Duration) Config {
	var cfg Config
	cfg.JWKS.RotationInterval = config.Duration(interval)
	return cfg
}

func TestFirstKeySignsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one := d.instance(Config{}, testSecret)
	one.read()
	token, _ := one.sign()
	if _, err := jose.Verify(token, one.keySet()); err != nil {
		t.Fatal(err)
	}
	keys := one.list()
	if len(keys) != 1 || keys[0].State != stateSigning || keys[0].ExpiresAt != nil || keys[0].Alg != "EdDSA" {
		t.Errorf("keys %+v", keys)
	}
}

func TestInstancesThatStartTogetherMakeOneKey(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	together(t, 6, func() error {
		return d.instance(Config{}, testSecret).reread(t.Context())
	})
	if keys := d.instance(Config{}, testSecret).list(); len(keys) != 1 {
		t.Errorf("%d keys, want 1", len(keys))
	}
}

// together runs f n times at once.
func together(t *testing.T, n int, f func() error) {
	t.Helper()
	var wait sync.WaitGroup
	for range n {
		wait.Go(func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func TestRotationsAtOnceMakeOneKey(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]bool{"waiting": false, "now": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t)
			one, two := d.instance(Config{}, testSecret), d.instance(Config{}, testSecret)
			one.read()
			two.read()
			d.advance(time.Hour)
			var turn sync.Mutex
			next := one
			together(t, 6, func() error {
				turn.Lock()
				mine := next
				if next = two; mine == two {
					next = one
				}
				turn.Unlock()
				_, err := mine.keys.Rotate(t.Context(), now)
				return err
			})
			if keys := one.list(); len(keys) != 2 {
				t.Errorf("%d keys, want the first and one new", len(keys))
			}
		})
	}
}

func TestSuccessorsOfTwoInstancesAreOne(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one, two := d.instance(rotating(time.Hour), testSecret), d.instance(rotating(time.Hour), testSecret)
	one.read()
	two.read()
	d.advance(time.Hour - activationDelay + time.Second)
	together(t, 2, func() error { return errors.Join(one.reread(t.Context()), two.reread(t.Context())) })
	if keys := one.list(); len(keys) != 2 || keys[1].State != stateWaiting {
		t.Errorf("keys %+v, want a waiting successor", keys)
	}
}

func TestRotatedKeyIsPublishedBeforeItSigns(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one := d.instance(Config{}, testSecret)
	one.read()
	_, old := one.sign()
	d.advance(time.Minute)
	made, err := one.keys.Rotate(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if made.State != stateWaiting {
		t.Errorf("state %s", made.State)
	}
	one.read()
	if !bytes.Contains(one.keySet(), []byte(made.ID)) {
		t.Error("the new key is not published")
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, old}, {verifierCache, old}, {activationDelay - verifierCache - time.Second, old}, {time.Second, made.ID}, {24 * time.Hour, made.ID}} {
		d.advance(step.after)
		if _, kid := one.sign(); kid != step.want {
			t.Errorf("%v later %s signs, want %s", step.after, kid, step.want)
		}
	}
	if !bytes.Contains(one.keySet(), []byte(old)) {
		t.Error("the old key is no longer published")
	}
}

func TestRotateNow(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one := d.instance(Config{}, testSecret)
	one.read()
	d.advance(time.Minute)
	waiting, err := one.keys.Rotate(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	d.advance(time.Second)
	again, err := one.keys.Rotate(t.Context(), false)
	if err != nil || again.ID != waiting.ID || again.State != stateWaiting {
		t.Errorf("a second rotation gives %+v, %v; want the waiting key %s", again, err, waiting.ID)
	}
	d.advance(time.Second)
	now, err := one.keys.Rotate(t.Context(), true)
	if err != nil || now.ID != waiting.ID || now.State != stateSigning {
		t.Errorf("--now gives %+v, %v; want the waiting key to sign", now, err)
	}
	one.read()
	if _, kid := one.sign(); kid != waiting.ID {
		t.Errorf("%s signs", kid)
	}
	d.advance(time.Second)
	another, err := one.keys.Rotate(t.Context(), true)
	if err != nil || another.ID == waiting.ID {
		t.Errorf("--now gives %+v, %v; want a new key", another, err)
	}
	one.read()
	if _, kid := one.sign(); kid != another.ID {
		t.Errorf("%s signs", kid)
	}
}

func TestRetire(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	var cfg Config
	grace := config.Duration(time.Hour)
	cfg.JWKS.GracePeriod = &grace
	one := d.instance(cfg, testSecret)
	one.read()
	_, first := one.sign()
	d.advance(time.Minute)
	if err := one.keys.Retire(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	one.read()
	_, second := one.sign()
	if second == first || len(one.list()) != 2 {
		t.Fatalf("%s signs, keys %+v; want a new key to follow at once", second, one.list())
	}
	d.advance(time.Hour - time.Second)
	if !bytes.Contains(one.keySet(), []byte(first)) {
		t.Error("a retired key is not published during its grace period")
	}
	d.advance(time.Second)
	if bytes.Contains(one.keySet(), []byte(first)) {
		t.Error("a retired key is published after its grace period")
	}
	if state := one.list()[0].State; state != stateWithdrawn {
		t.Errorf("state %s", state)
	}
	for _, id := range []string{first, "nobody"} {
		if err := one.keys.Retire(t.Context(), id); !errors.Is(err, ErrNoKey) {
			t.Errorf("retiring %s: %v", id, err)
		}
	}
	if len(one.list()) != 2 {
		t.Error("a key was made by retiring nothing")
	}
}

func TestKeysWithoutAnEndRotateOnceThereIsAnInterval(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	before := d.instance(Config{}, testSecret)
	before.read()
	_, old := before.sign()
	d.advance(100 * 24 * time.Hour)
	after := d.instance(rotating(24*time.Hour), testSecret)
	after.read()
	if _, kid := after.sign(); kid != old || len(after.list()) != 2 {
		t.Fatalf("%s signs, keys %+v; want a successor that waits", kid, after.list())
	}
	d.advance(activationDelay)
	if _, kid := after.sign(); kid == old {
		t.Error("the old key still signs")
	}
	after.read()
	if keys := after.list(); keys[0].ExpiresAt == nil || len(keys) != 2 {
		t.Errorf("keys %+v, want an end for the old one", keys)
	}
}

func TestAKeyIsMadeForARequestThatFindsNone(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one := d.instance(rotating(time.Hour), testSecret)
	one.read()
	_, old := one.sign()
	d.advance(48 * time.Hour) // nobody has read in time
	var mu sync.Mutex
	kids := map[string]bool{}
	together(t, 8, func() error {
		signer, err := one.signer(t.Context())
		if err != nil {
			return err
		}
		token, err := signer.Sign(nil)
		mu.Lock()
		kids[kidOf(t, token)] = true
		mu.Unlock()
		return err
	})
	if len(kids) != 1 || kids[old] || len(one.list()) != 2 {
		t.Errorf("signed by %v, keys %+v; want one new key", kids, one.list())
	}
}

func TestSmallIntervalsAreReadOften(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	for interval, want := range map[time.Duration]time.Duration{0: rereadInterval, 24 * time.Hour: rereadInterval, 20 * time.Second: time.Second, time.Second: 100 * time.Millisecond} {
		one := d.instance(rotating(interval), testSecret)
		one.read()
		if got := one.pause(); got != want {
			t.Errorf("interval %v: next reading in %v, want %v", interval, got, want)
		}
	}
}
