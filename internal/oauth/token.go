package oauth

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// Authentication is how a client proves itself at the token endpoint (RFC 6749,
// 2.3).
type Authentication int

// The ways: in the body where there is a secret and else only by id, by the
// header, or as the provider's own function does.
const (
	BodySecret Authentication = iota
	BasicSecret
	OwnWay
)

// TokenEndpoint is where a provider gives tokens.
type TokenEndpoint struct {
	Client *outbound.Client
	URL    string
	// ClientID and ClientSecret prove who asks; Auth tells how.
	ClientID, ClientSecret string
	Auth                   Authentication
	// Prove is the provider's own way, under OwnWay.
	Prove func(context.Context, *Form, http.Header) error
	// Header is sent along.
	Header http.Header
	Now    func() time.Time
}

// Exchange trades a code for tokens.
func (e *TokenEndpoint) Exchange(ctx context.Context, c Code, extra ...Param) (*Tokens, error) {
	f := Form{{"grant_type", "authorization_code"}, {"code", c.Code}}
	if c.Verifier != "" {
		f.Set("code_verifier", c.Verifier)
	}
	if c.DeviceID != "" {
		f.Set("device_id", c.DeviceID)
	}
	f.Set("redirect_uri", c.RedirectURI)
	for _, p := range extra {
		if !f.has(p.Name) {
			f.Set(p.Name, p.Value)
		}
	}
	answer, err := e.ask(ctx, f)
	if err != nil {
		return nil, err
	}
	return e.tokens(answer), nil
}

// ErrNoAccessToken says that an answer to a refresh token brought none.
var ErrNoAccessToken = errors.New("the answer has no access_token")

// Refresh trades a refresh token for new tokens.
func (e *TokenEndpoint) Refresh(ctx context.Context, token string, extra ...Param) (*Tokens, error) {
	f := Form{{"grant_type", "refresh_token"}, {"refresh_token", token}}
	for _, p := range extra {
		if p.Name != "grant_type" && p.Name != "refresh_token" {
			f.Set(p.Name, p.Value)
		}
	}
	answer, err := e.ask(ctx, f)
	if err != nil {
		return nil, err
	}
	tokens := e.tokens(answer)
	if tokens.Access == "" {
		return nil, ErrNoAccessToken
	}
	return tokens, nil
}

// ask posts a form and reads an object. Whatever else an answer of success holds
// is one without tokens, nil, but for null.
func (e *TokenEndpoint) ask(ctx context.Context, f Form) (api.Object, error) {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}}
	for name, values := range e.Header {
		header[name] = values
	}
	if err := e.prove(ctx, &f, header); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, strings.NewReader(f.String()))
	if err != nil {
		return nil, err
	}
	r.Header = header
	answer, err := e.Client.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	if !answer.OK() {
		return nil, fmt.Errorf("the token endpoint answered %d", answer.Status)
	}
	v, err := ParseValue(answer.Body)
	if err == nil && v == nil {
		return nil, errors.New("the token endpoint answered null")
	}
	object, _ := v.(api.Object)
	return object, nil
}

func (e *TokenEndpoint) prove(ctx context.Context, f *Form, header http.Header) error {
	switch {
	case e.Auth == OwnWay:
		return e.Prove(ctx, f, header)
	case e.ClientID == "":
		return errNoClientID
	case e.Auth == BasicSecret:
		if e.ClientSecret == "" {
			return errors.New("the provider has no clientSecret")
		}
		header.Set("Authorization", BasicCredentials(e.ClientID, e.ClientSecret))
		return nil
	}
	f.Set("client_id", e.ClientID)
	if e.ClientSecret != "" {
		f.Set("client_secret", e.ClientSecret)
	}
	return nil
}

// BasicCredentials is the header of RFC 6749, 2.3.1: both parts are encoded as in
// a form first.
func BasicCredentials(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(FormEncode(id)+":"+FormEncode(secret)))
}

// tokens reads an answer. What is no text or number where one belongs is left out.
func (e *TokenEndpoint) tokens(answer api.Object) *Tokens {
	t := &Tokens{Raw: answer}
	t.Type, _ = textOf(answer, "token_type")
	t.Access, _ = textOf(answer, "access_token")
	t.Refresh, _ = textOf(answer, "refresh_token")
	t.ID, _ = textOf(answer, "id_token")
	t.AccessExpiresAt = e.in(answer, "expires_in")
	t.RefreshExpiresAt = e.in(answer, "refresh_token_expires_in")
	scope, _ := answer.Get("scope")
	t.Scopes = parseScopes(scope)
	return t
}

// parseScopes reads a text with spaces or a list.
func parseScopes(scope any) []string {
	out := []string{}
	switch scope := scope.(type) {
	case string:
		out = append(out, strings.Fields(scope)...)
	case []any:
		for _, one := range scope {
			if text, _ := one.(string); strings.TrimSpace(text) != "" {
				out = append(out, strings.TrimSpace(text))
			}
		}
	}
	return out
}
