package social

import (
	"context"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// Flow is what somebody wants of a provider.
type Flow struct {
	// CallbackURL is where the browser goes in the end; the origin of the server
	// where it is empty. ErrorURL and NewUserURL are where it goes instead after a
	// failure, and when a user was made. All have passed the check of origins.
	CallbackURL          string
	ErrorURL, NewUserURL *string
	// RequestSignUp tells whether a user may be made where that is not implied.
	RequestSignUp *bool
	// Link is whom the identity is to be linked to; nil for a sign-in.
	Link *Link
	// Scopes and LoginHint are for the provider, and Params further parameters for
	// it, none of them one of oauth.Reserved.
	Scopes    []string
	LoginHint string
	Params    []oauth.Param
	// AdditionalData is the application's, for it to find in the state.
	AdditionalData api.Object
	// ServerContext is a plugin's.
	ServerContext api.Object
}

// flow is a Flow with its secrets.
type flow struct {
	Flow
	state, verifier, nonce string
}

// Lengths of the secrets of a flow, and what they are made of.
const (
	secretAlphabet = secure.Alphanumeric + "-_"
	stateLength    = 32
	verifierLength = 128
	nonceLength    = 32
)

// Begin keeps the state of a flow, binds the browser to it by a cookie, and gives
// the address to which the browser is to be sent.
func (s *Social) Begin(ctx context.Context, c *api.Call, p *oauth.Provider, f Flow) (address string, err error) {
	begun, err := s.newFlow(p, f)
	if err != nil {
		return "", err
	}
	if err := s.keepState(ctx, c, begun); err != nil {
		return "", err
	}
	address, err = p.Authorize(oauth.Authorization{
		State: begun.state, Verifier: begun.verifier, Nonce: begun.nonce, RedirectURI: s.callbackOf(c, p),
		Scopes: f.Scopes, LoginHint: f.LoginHint, Extra: f.Params,
	})
	if err != nil {
		return "", fmt.Errorf("the address of %s: %w", p.ID, err)
	}
	return address, nil
}

func (s *Social) newFlow(p *oauth.Provider, f Flow) (*flow, error) {
	if f.CallbackURL == "" {
		f.CallbackURL = s.auth.Origin
	}
	begun := &flow{Flow: f}
	for _, secret := range []struct {
		into   *string
		length int
		wanted bool
	}{
		{&begun.nonce, nonceLength, p.BindsNonce}, {&begun.verifier, verifierLength, true},
	} {
		if !secret.wanted {
			continue
		}
		text, err := secure.RandomString(s.auth.Rand, secretAlphabet, secret.length)
		if err != nil {
			return nil, err
		}
		*secret.into = text
	}
	var err error
	begun.state, err = s.newState(p)
	return begun, err
}
