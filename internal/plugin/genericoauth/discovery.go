package genericoauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// document is what a provider says of itself (OpenID Connect Discovery 1.0, RFC
// 8414). Texts are empty where it says nothing.
type document struct {
	issuer, authorization, token, userInfo, endSession, keys string
	// algorithms are those of ID tokens; a provider that names some speaks OpenID
	// Connect.
	algorithms []string
}

// fetchDocument asks a provider for its document.
func fetchDocument(ctx context.Context, c *client, p *Provider) (*document, error) {
	answer, err := c.object(ctx, p.DiscoveryURL, headers(p.DiscoveryHeaders))
	if err != nil {
		return nil, err
	}
	d := readDocument(answer)
	if err := d.check(p); err != nil {
		return nil, fmt.Errorf("the discovery document %w", err)
	}
	return d, nil
}

// Discover reads the discovery document of a provider whose options are written out, and tells why nobody could
// sign in with it.
func Discover(ctx context.Context, c *outbound.Client, p Provider) error {
	d, err := fetchDocument(ctx, &client{c}, &p)
	if err != nil {
		return err
	}
	return d.suffices(&p)
}

func readDocument(answer api.Object) *document {
	text := func(key string) string { s, _ := oauth.Member(answer, key).(string); return s }
	d := &document{
		issuer: text("issuer"), authorization: text("authorization_endpoint"), token: text("token_endpoint"),
		userInfo: text("userinfo_endpoint"), endSession: text("end_session_endpoint"), keys: text("jwks_uri"),
	}
	algorithms, _ := oauth.Member(answer, "id_token_signing_alg_values_supported").([]any)
	for _, one := range algorithms {
		if name, ok := one.(string); ok {
			d.algorithms = append(d.algorithms, name)
		}
	}
	return d
}

// check refuses a document with which no safe sign-in is possible. It also makes
// the address of the keys absolute.
func (d *document) check(p *Provider) error {
	if d.issuer != "" {
		if u, err := url.Parse(d.issuer); err != nil || u.Scheme == "" {
			return errors.New("has an issuer that is no address")
		}
	}
	if pin := p.pinnedIssuer(); pin != "" && d.issuer != pin {
		return errors.New("names another issuer than the option issuer")
	}
	base, err := url.Parse(p.DiscoveryURL)
	if err != nil {
		return err
	}
	if d.keys != "" {
		keys, err := base.Parse(d.keys)
		if err != nil {
			return errors.New("has a jwks_uri that is no address")
		}
		d.keys = keys.String()
	}
	return d.checkEndpoints(p, base)
}

// checkEndpoints holds what counts of the document to addresses no worse than
// that of the document itself.
func (d *document) checkEndpoints(p *Provider, base *url.URL) error {
	for _, e := range []struct{ member, value, instead string }{
		{"authorization_endpoint", d.authorization, p.AuthorizationURL},
		{"token_endpoint", d.token, p.TokenURL},
		{"userinfo_endpoint", d.userInfo, p.UserInfoURL},
		{"end_session_endpoint", d.endSession, p.EndSession},
		{"jwks_uri", d.keys, ""},
	} {
		if e.value == "" || e.instead != "" {
			continue
		}
		if !isWeb(e.value) {
			return fmt.Errorf("has a %s that is no address", e.member)
		}
		if u, err := url.Parse(e.value); err != nil || base.Scheme == "https" && u.Scheme != "https" {
			return fmt.Errorf("has a %s without TLS", e.member)
		}
	}
	return nil
}

// suffices tells what is missing of a document for a sign-in.
func (d *document) suffices(p *Provider) error {
	switch {
	case p.AuthorizationURL == "" && d.authorization == "":
		return errors.New("the discovery document has no authorization_endpoint")
	case p.TokenURL == "" && d.token == "":
		return errors.New("the discovery document has no token_endpoint")
	case p.RequireIDTokenVerification && (d.issuer == "" || d.keys == ""):
		return errors.New("the discovery document has no issuer or no jwks_uri to check ID tokens with")
	}
	return nil
}

// pinnedIssuer is the issuer that the document must name; empty for any. To some
// presets the issuer is only where discovery begins.
func (p *Provider) pinnedIssuer() string {
	if p.Preset == "keycloak" || p.Preset == "okta" {
		return ""
	}
	return p.Issuer
}

// idTokenAlgorithms are those in which an ID token may be signed: the document's,
// or every one that a published key can check.
func (d *document) idTokenAlgorithms() []string {
	if len(d.algorithms) == 0 {
		return jose.Algorithms()
	}
	return d.algorithms
}
