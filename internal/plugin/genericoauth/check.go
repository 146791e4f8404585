package genericoauth

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// CheckOption refuses a provider that could never work.
func (p Provider) CheckOption() error {
	if p.ClientID == "" {
		return nil // the file is told that it is missing
	}
	if err := p.settle(); err != nil {
		return err
	}
	return p.check()
}

// check looks at options that a preset has filled in.
func (p *Provider) check() error {
	for _, check := range []func() error{
		p.checkNames, p.checkAddresses, p.checkEndpoints, p.checkIDTokens, p.checkAuth, p.checkParams, p.checkHeaders,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// plainID keeps to what stands in a path as it is.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_~@:+-][A-Za-z0-9._~@:+-]*$`)

// passwordProvider is the provider of the rows that hold passwords.
const passwordProvider = "credential"

func (p *Provider) checkNames() error {
	switch {
	case p.ProviderID == "":
		return errors.New("has no providerId")
	case !plainID.MatchString(p.ProviderID):
		return errors.New("has a providerId that cannot stand in a path: take letters, digits and - . _ ~ @ : +")
	case p.ProviderID == passwordProvider:
		return errors.New("has the providerId of passwords: choose another")
	case p.ClientID == "":
		return errors.New("has no clientId")
	}
	return nil
}

func (p *Provider) checkAddresses() error {
	for _, a := range []struct{ option, value string }{
		{"discoveryUrl", p.DiscoveryURL},
		{"authorizationUrl", p.AuthorizationURL},
		{"tokenUrl", p.TokenURL},
		{"userInfoUrl", p.UserInfoURL},
		{"endSessionEndpoint", p.EndSession},
	} {
		if a.value != "" && !isWeb(a.value) {
			return fmt.Errorf("has a %s that is no address: it begins with https:// and names a host", a.option)
		}
	}
	if u, err := url.Parse(p.RedirectURI); p.RedirectURI != "" && (err != nil || u.Scheme == "") {
		return errors.New("has a redirectURI that is no absolute address")
	}
	if _, err := url.Parse(p.PostLogoutRedirectURI); err != nil {
		return errors.New("has a postLogoutRedirectURI that is no address")
	}
	return nil
}

// isWeb tells whether a text is an address that can be asked.
func isWeb(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

func (p *Provider) checkEndpoints() error {
	switch {
	case p.DiscoveryURL != "":
		return nil
	case p.AuthorizationURL == "":
		return errors.New("needs discoveryUrl, or authorizationUrl and tokenUrl: authorizationUrl is missing")
	case p.TokenURL == "":
		return errors.New("needs discoveryUrl, or authorizationUrl and tokenUrl: tokenUrl is missing")
	case len(p.DiscoveryHeaders) > 0:
		return errors.New("has discoveryHeaders without a discoveryUrl")
	}
	return nil
}

func (p *Provider) checkIDTokens() error {
	switch {
	case p.DiscoveryURL != "":
		return nil
	case p.RequireIDTokenVerification:
		return errors.New("has requireIdTokenVerification without a discoveryUrl, which gives the issuer and the keys")
	case p.DisableIDTokenNonceBinding:
		return errors.New("has disableIdTokenNonceBinding without a discoveryUrl: no nonce is asked for")
	}
	return nil
}

// The ways to prove oneself at the token endpoint.
const (
	secretPost  = "client_secret_post"
	secretBasic = "client_secret_basic"
	privateKey  = "private_key_jwt"
	idAlone     = "none"
)

func (p *Provider) checkAuth() error {
	a, secret := &p.TokenEndpointAuth, !p.ClientSecret.IsZero()
	switch {
	case secret && (a.Method == privateKey || a.Method == idAlone):
		return fmt.Errorf("has both a clientSecret and the tokenEndpointAuth.method %s: take one of them out", a.Method)
	case !secret && (a.Method == secretPost || a.Method == secretBasic):
		return fmt.Errorf("has no clientSecret, which the tokenEndpointAuth.method %s needs", a.Method)
	case !secret && a.Method == "" && p.Authentication == "basic":
		return errors.New("has no clientSecret, which the authentication basic needs")
	case a.Method != privateKey && a.hasKey():
		return errors.New("has a key in tokenEndpointAuth, which only the method private_key_jwt uses")
	case a.Method == privateKey:
		_, err := newAssertions(p)
		return err
	}
	return nil
}

func (a *TokenEndpointAuth) hasKey() bool {
	return !a.PrivateKeyJWK.IsZero() || !a.PrivateKeyPEM.IsZero() || a.KeyID != "" || a.Algorithm != ""
}

// checkParams refuses parameters that would be dropped, or that a provider would
// take for a proof of who asks.
func (p *Provider) checkParams() error {
	proofs := []string{"client_secret", "client_assertion", "client_assertion_type"}
	for _, c := range []struct {
		option string
		params config.Ordered[string]
		taken  []string
	}{
		{"authorizationUrlParams", p.AuthorizationURLParams, oauth.Reserved},
		{"tokenUrlParams", p.TokenURLParams, append([]string{"grant_type", "code", "code_verifier", "redirect_uri"}, proofs...)},
		{"refreshTokenParams", p.RefreshTokenParams, append([]string{"grant_type", "refresh_token"}, proofs...)},
	} {
		for _, param := range c.params {
			if slices.Contains(c.taken, param.Name) {
				return fmt.Errorf("has %s.%s, which is set by what it belongs to: take it out", c.option, param.Name)
			}
		}
	}
	return nil
}

var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

func (p *Provider) checkHeaders() error {
	for option, headers := range map[string]config.Ordered[string]{
		"discoveryHeaders": p.DiscoveryHeaders, "authorizationHeaders": p.AuthorizationHeaders,
	} {
		for _, h := range headers {
			if !headerName.MatchString(h.Name) || strings.ContainsFunc(h.Value, isControl) {
				return fmt.Errorf("has %s that cannot be sent: %q", option, h.Name)
			}
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
