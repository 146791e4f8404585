package oauthproxy

import (
	"errors"
	"io"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// keys encrypt what the servers tell each other by way of the browser: nothing
// that was made for one use can be put to another.
type keys struct{ pack, state, profile *secure.Secrets }

func newKeys(s *secure.Secrets) keys {
	return keys{pack: s.Purpose("oauth-proxy-package"), state: s.Purpose("oauth-proxy-state"), profile: s.Purpose("oauth-proxy-profile")}
}

// parcel is what travels to the provider and back in the place of a state.
type parcel struct {
	// state is that of the flow, text what is stored of it, as JSON.
	state, text string
}

var errParcel = errors.New("no parcel of a state")

// seal writes a parcel as the parameter state.
func (k keys) seal(p parcel, rand io.Reader) (string, error) {
	inner, err := k.state.Encrypt([]byte(p.text), rand)
	if err != nil {
		return "", err
	}
	text, err := api.JSON(api.Object{{Key: "state", Value: p.state}, {Key: "stateCookie", Value: inner}, {Key: "isOAuthProxy", Value: true}})
	if err != nil {
		return "", err
	}
	return k.pack.Encrypt(text, rand)
}

// open reads what seal or Better Auth has written.
func (k keys) open(sealed string) (parcel, error) {
	text, err := k.pack.Decrypt(sealed)
	if err != nil {
		return parcel{}, err
	}
	outer, err := oauth.ParseObject(text)
	if err != nil {
		return parcel{}, err
	}
	r := &reader{of: outer}
	p, inner := parcel{state: r.text("state")}, r.text("stateCookie")
	if !r.flag("isOAuthProxy") || p.state == "" || inner == "" || r.err != nil {
		return parcel{}, errParcel
	}
	plain, err := k.state.Decrypt(inner)
	p.text = string(plain)
	return p, err
}
