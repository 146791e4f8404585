package jwt

import (
	"errors"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
)

// copied gives what an instance signs for a cookie.
func (i *instance) copied() string {
	i.d.t.Helper()
	token, err := i.SignCache(i.d.t.Context(), []byte(`{"sub":"u"}`))
	if err != nil {
		i.d.t.Fatal(err)
	}
	return token
}

func TestCopiesCountWhileTheirKeyIsPublished(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	cfg := rotating(24 * time.Hour)
	grace := config.Duration(time.Hour)
	cfg.JWKS.GracePeriod = &grace
	one, two := d.instance(cfg, testSecret), d.instance(cfg, testSecret)
	one.read()
	two.read()
	token := one.copied()
	verified := func() error {
		_, err := two.VerifyCache(token)
		return err
	}
	if err := verified(); err != nil {
		t.Errorf("at another instance: %v", err)
	}
	d.advance(24*time.Hour + 30*time.Minute) // the key has ended, its grace period has not
	one.read()
	two.read()
	if kidOf(t, one.copied()) == kidOf(t, token) {
		t.Error("the key did not rotate")
	}
	if err := verified(); err != nil {
		t.Errorf("with a key that only verifies: %v", err)
	}
	d.advance(time.Hour)
	if err := verified(); !errors.Is(err, jose.ErrInvalid) {
		t.Errorf("with a withdrawn key: %v", err)
	}
}

func TestCopiesAreNoTokensAndTokensNoCopies(t *testing.T) {
	t.Parallel()
	one := newDeployment(t).instance(Config{}, testSecret)
	one.read()
	token, _ := one.sign()
	for name, text := range map[string]string{"a token": token, "empty": "", "no JWT": "x", "without a kid": "e30.e30.e30"} {
		if payload, err := one.VerifyCache(text); !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %s, %v", name, payload, err)
		}
	}
	if _, err := one.VerifyCache(one.copied()); err != nil {
		t.Error(err)
	}
}
