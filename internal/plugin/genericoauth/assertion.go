package genericoauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// assertionLife is how long an assertion counts where the options do not say.
const assertionLife = 120 * time.Second

// assertions prove a client by a key of its own (RFC 7523, 2.2).
type assertions struct {
	clientID string
	signer   *jose.Assertions
	life     time.Duration
}

// newAssertions reads the key of private_key_jwt.
func newAssertions(p *Provider) (*assertions, error) {
	a := &p.TokenEndpointAuth
	if a.PrivateKeyJWK.IsZero() == a.PrivateKeyPEM.IsZero() {
		return nil, errors.New("needs one key for the tokenEndpointAuth.method private_key_jwt: privateKeyJwk or privateKeyPem")
	}
	signer, err := jose.NewAssertions(jose.AssertionKey{
		JWK: a.PrivateKeyJWK.Reveal(), PEM: a.PrivateKeyPEM.Reveal(), KeyID: a.KeyID, Algorithm: a.Algorithm,
	})
	if err != nil {
		return nil, fmt.Errorf("has a key in tokenEndpointAuth that cannot be used: %w", err)
	}
	life := a.ExpiresIn.Std()
	if life == 0 {
		life = assertionLife
	}
	return &assertions{clientID: p.ClientID, signer: signer, life: life}, nil
}

// prove gives the way in which a token endpoint is told who asks.
func (a *assertions) prove(endpoint string, now func() time.Time, rand io.Reader) func(context.Context, *oauth.Form, http.Header) error {
	return func(_ context.Context, f *oauth.Form, _ http.Header) error {
		token, err := a.sign(endpoint, now(), rand)
		if err != nil {
			return err
		}
		f.Set("client_id", a.clientID)
		f.Set("client_assertion", token)
		f.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		return nil
	}
}

func (a *assertions) sign(endpoint string, now time.Time, rand io.Reader) (string, error) {
	id, err := secure.NewUUID(rand)
	if err != nil {
		return "", err
	}
	claims, err := api.JSON(api.Object{
		{Key: "iss", Value: a.clientID},
		{Key: "sub", Value: a.clientID},
		{Key: "aud", Value: endpoint},
		{Key: "iat", Value: now.Unix()},
		{Key: "exp", Value: now.Add(a.life).Unix()},
		{Key: "jti", Value: id},
	})
	if err != nil {
		return "", err
	}
	return a.signer.Sign(claims)
}
