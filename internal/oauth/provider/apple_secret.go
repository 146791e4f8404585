package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// How long a secret for Apple is good, which allows half a year, and how long
// before its end another one is made.
const (
	appleSecretLife  = 24 * time.Hour
	appleSecretRenew = time.Hour
)

// appleSecrets signs the secrets that Apple takes, and keeps the one in use.
type appleSecrets struct {
	team, id string
	signer   *jose.Signer
	now      func() time.Time

	mu     sync.Mutex
	secret string
	until  time.Time
}

// appleSecret lets the server sign its secret by itself, where the options have a
// key to do so.
func (s *standard) appleSecret(o *oauth.Options, d Deps) error {
	if o.TeamID == "" && o.KeyID == "" && o.PrivateKey.Reveal() == "" {
		return nil
	}
	if o.TeamID == "" || o.KeyID == "" || o.PrivateKey.Reveal() == "" || o.ClientSecret.Reveal() != "" {
		return errors.New("apple needs either clientSecret, or teamId, keyId and privateKey")
	}
	signer, err := jose.NewSignerPEM(jose.ES256, o.KeyID, o.PrivateKey.Reveal())
	if err != nil {
		return fmt.Errorf("apple's privateKey: %w", err)
	}
	secrets := &appleSecrets{team: o.TeamID, id: client(o), signer: signer, now: d.Now}
	s.secret, s.auth = false, oauth.OwnWay
	s.prove = func(_ context.Context, f *oauth.Form, _ http.Header) error {
		secret, err := secrets.current()
		f.Set("client_id", client(o))
		f.Set("client_secret", secret)
		return err
	}
	return nil
}

// current gives a secret that is good for a while.
func (a *appleSecrets) current() (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if a.secret != "" && now.Add(appleSecretRenew).Before(a.until) {
		return a.secret, nil
	}
	until := now.Add(appleSecretLife)
	payload, err := api.JSON(api.Object{
		{Key: "iss", Value: a.team},
		{Key: "iat", Value: now.Unix()},
		{Key: "exp", Value: until.Unix()},
		{Key: "aud", Value: "https://appleid.apple.com"},
		{Key: "sub", Value: a.id},
	})
	if err != nil {
		return "", err
	}
	secret, err := a.signer.Sign(payload)
	if err == nil {
		a.secret, a.until = secret, until
	}
	return secret, err
}
