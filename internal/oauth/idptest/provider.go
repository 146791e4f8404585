package idptest

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// Provider is one provider: where it is, and what it says of a user whom nobody
// has scripted.
type Provider struct {
	ID string `json:"-"`
	// Authorize, Token, Refresh, Keys and Verify are addresses without a query; a
	// segment * stands for any. Refresh is only set where it is not Token.
	Authorize, Token, Refresh, Keys, Verify string
	// Issuer has a discovery document under it where Discovery says so.
	Issuer    string
	Discovery bool
	// ClientParam names the client in requests, client_id as a rule.
	ClientParam string
	// Auth is how clients prove themselves: post, basic, or any of them.
	Auth string
	// PKCE tells whether a code must be bound to a challenge; elsewhere it may be.
	PKCE bool
	// Alg signs the ID tokens, RS256 as a rule.
	Alg string
	// Claims are those of the ID token that tell of the user; without them there
	// is no ID token.
	Claims json.RawMessage
	// Answer is laid over the answer of the token endpoint, Callback over the
	// parameters that the browser brings back.
	Answer   json.RawMessage
	Callback map[string]*string
	// Rotates tells whether a refresh token is good once.
	Rotates bool
	// Pages are what the holder of an access token is told, by method and address:
	// "GET https://api.github.com/user". A query belongs to it where it has one.
	Pages map[string]json.RawMessage
}

//go:embed providers/*.json
var files embed.FS

// load reads the providers, once.
var load = sync.OnceValues(func() (map[string]*Provider, error) {
	entries, err := files.ReadDir("providers")
	if err != nil {
		return nil, err
	}
	all := map[string]*Provider{}
	for _, entry := range entries {
		text, err := files.ReadFile("providers/" + entry.Name())
		if err != nil {
			return nil, err
		}
		p := &Provider{ID: strings.TrimSuffix(entry.Name(), path.Ext(entry.Name())), ClientParam: "client_id", Auth: "post", Alg: "RS256"}
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(p); err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		all[p.ID] = p
	}
	return all, nil
})

// IDs lists the providers: those that are built in, and oidc, which is none of them.
func IDs() []string {
	all, err := load()
	if err != nil {
		panic(err) // its files are in the program
	}
	return slices.Sorted(maps.Keys(all))
}

// matches tells whether an address is that of a pattern, in which a segment * is
// any.
func matches(pattern, address string) bool {
	if pattern == "" {
		return false
	}
	want, got := strings.Split(pattern, "/"), strings.Split(address, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && want[i] != got[i] {
			return false
		}
	}
	return true
}

// discoveryAddress is where the discovery document is.
func (p *Provider) discoveryAddress() string {
	return strings.TrimSuffix(p.Issuer, "/") + "/.well-known/openid-configuration"
}

// page finds what the provider says under an address; with its query before
// without.
func (p *Provider) page(method, address, query string) (json.RawMessage, bool) {
	for _, at := range []string{address + "?" + query, address} {
		if page, ok := p.Pages[method+" "+at]; ok {
			return page, true
		}
	}
	return nil, false
}

// has tells whether any page of the provider is under an address.
func (p *Provider) has(method, address, query string) bool {
	_, ok := p.page(method, address, query)
	return ok
}
