package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Reserved are the parameters of an authorization that only the flow itself sets.
var Reserved = []string{
	"state", "client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "nonce", "scope",
}

// errNoClientID says that a provider has no id to begin with.
var errNoClientID = errors.New("the provider has no clientId")

// Request is an authorization request before it is written as an address. Texts
// that are empty are not sent.
type Request struct {
	Endpoint                                    string
	ResponseType                                string // empty means code
	ClientID, State, RedirectURI                string
	Scopes                                      []string
	ScopeJoiner                                 string // empty means a space
	Duration, Display, LoginHint, Nonce, Prompt string
	HD, AccessType, ResponseMode                string
	// Verifier is sent as its S256 challenge (RFC 7636).
	Verifier string
	// Claims are asked for in the ID token, beside email and email_verified.
	Claims []string
	Extra  []Param
}

// URL writes the address: the endpoint's own parameters, of which those of the
// request replace some, and then the request's, in the original's order.
func (r Request) URL() (string, error) {
	if r.ClientID == "" {
		return "", errNoClientID
	}
	params, err := r.params()
	if err != nil {
		return "", err
	}
	endpoint, err := absolute(r.Endpoint)
	if err != nil {
		return "", err
	}
	var kept []string
	for pair := range strings.SplitSeq(endpoint.RawQuery, "&") {
		if pair != "" && !params.has(ParsePair(pair).Name) {
			kept = append(kept, escapeQuery(pair))
		}
	}
	endpoint.RawQuery = strings.Join(append(kept, params.String()), "&")
	return endpoint.String(), nil
}

// absolute reads an address and spells it as browsers do
// (https://url.spec.whatwg.org/#url-parsing): the host in small letters, no port that
// goes without saying, no dot segments, and at least a slash for a path.
func absolute(address string) (*url.URL, error) {
	at, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, err
	case at.Host == "" || at.Scheme != "https" && at.Scheme != "http":
		return nil, errors.New("the authorization endpoint is no address of the web")
	}
	at = at.ResolveReference(at)
	at.Host = strings.ToLower(at.Host)
	if at.Port() == map[string]string{"https": "443", "http": "80"}[at.Scheme] {
		at.Host = strings.TrimSuffix(at.Host, ":"+at.Port())
	}
	if at.Path == "" {
		at.Path = "/"
	}
	return at, nil
}

// escapeQuery escapes what a query of the web may not hold as it is
// (https://url.spec.whatwg.org/#special-query-percent-encode-set).
func escapeQuery(query string) string {
	var b strings.Builder
	for i := range len(query) {
		if c := query[i]; c <= ' ' || c > '~' || strings.IndexByte("\"#<>'", c) >= 0 {
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{c})))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (r Request) params() (Form, error) {
	var f Form
	f.Set("response_type", orElse(r.ResponseType, "code"))
	f.Set("client_id", r.ClientID)
	f.Set("state", r.State)
	if len(r.Scopes) > 0 {
		f.Set("scope", strings.Join(r.Scopes, orElse(r.ScopeJoiner, " ")))
	}
	f.Set("redirect_uri", r.RedirectURI)
	for _, p := range []Param{
		{"duration", r.Duration},
		{"display", r.Display},
		{"login_hint", r.LoginHint},
		{"nonce", r.Nonce},
		{"prompt", r.Prompt},
		{"hd", r.HD},
		{"access_type", r.AccessType},
		{"response_mode", r.ResponseMode},
	} {
		if p.Value != "" {
			f.Set(p.Name, p.Value)
		}
	}
	if r.Verifier != "" {
		f.Set("code_challenge_method", "S256")
		f.Set("code_challenge", Challenge(r.Verifier))
	}
	if r.Claims != nil {
		claims, err := claimsParameter(r.Claims)
		if err != nil {
			return nil, err
		}
		f.Set("claims", claims)
	}
	for _, p := range r.extra() {
		f.Set(p.Name, p.Value)
	}
	return f, nil
}

// extra gives the further parameters in the order of an object of JavaScript, which
// they are in the original.
func (r Request) extra() Form {
	var f Form
	for _, p := range r.Extra {
		if !slices.Contains(Reserved, p.Name) {
			f.Set(p.Name, p.Value)
		}
	}
	slices.SortStableFunc(f, func(a, b Param) int { return byIndex(a.Name, b.Name) })
	return f
}

// claimsParameter is the parameter claims of OpenID Connect Core, 5.5.
func claimsParameter(claims []string) (string, error) {
	wanted := api.Object{{Key: "email"}, {Key: "email_verified"}}
	for _, claim := range claims {
		wanted = wanted.Set(claim, nil)
	}
	text, err := api.JSON(api.Object{{Key: "id_token", Value: wanted}})
	return string(text), err
}

// Challenge is the S256 challenge of a code verifier (RFC 7636, 4.2).
func Challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
