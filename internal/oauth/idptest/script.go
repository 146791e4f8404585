package idptest

import (
	"encoding/json"
)

// Script says who signs in at a provider, and what goes wrong. Its zero value is
// the provider's own user, and nothing does. It is also the form of scripts in
// conversations.
type Script struct {
	// Alone is the script of one user among many: it tells nobody else anything, and
	// is told nothing.
	Alone bool `json:"alone,omitempty"`
	// Callback is laid over the parameters that the browser brings back; null
	// removes one. {"error": "access_denied", "code": null} is a user who says no.
	Callback map[string]*string `json:"callback,omitempty"`
	// Token, User, Keys and Discovery are faults of those endpoints; see [Faults].
	Token     string `json:"token,omitempty"`
	User      string `json:"user,omitempty"`
	Keys      string `json:"keys,omitempty"`
	Discovery string `json:"discovery,omitempty"`
	// IDToken is a fault of the ID token; see [IDTokenFaults].
	IDToken string `json:"idToken,omitempty"`
	// Claims is a merge patch (RFC 7396) of the ID token's claims, Answer of the
	// token endpoint's answer, Document of the discovery document.
	Claims   json.RawMessage `json:"claims,omitempty"`
	Answer   json.RawMessage `json:"answer,omitempty"`
	Document json.RawMessage `json:"document,omitempty"`
	// Profile is a merge patch of every page that is an object; Pages replace those
	// of an address whole, which are named as in [Provider].
	Profile json.RawMessage            `json:"profile,omitempty"`
	Pages   map[string]json.RawMessage `json:"pages,omitempty"`
}

// patched lays a merge patch over a value (RFC 7396).
func patched(value, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	base, _ := value.(map[string]any)
	result := map[string]any{}
	for name, v := range base {
		result[name] = v
	}
	for name, change := range changes {
		if change == nil {
			delete(result, name)
			continue
		}
		result[name] = patched(result[name], change)
	}
	return result
}

// overlaid lays raw patches over a value, those that there are.
func overlaid(value any, patches ...json.RawMessage) (any, error) {
	for _, raw := range patches {
		if len(raw) == 0 {
			continue
		}
		patch, err := decoded(raw)
		if err != nil {
			return nil, err
		}
		value = patched(value, patch)
	}
	return value, nil
}
