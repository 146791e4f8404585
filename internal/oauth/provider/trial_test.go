package provider_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// trial is a file of testdata/trials.
type trial struct {
	id string
	// Options are those of every play, beside clientId and clientSecret.
	Options map[string]any `json:"options"`
	// Sets are further options, tried one after the other beside commonSets.
	Sets []map[string]any `json:"sets"`
	// Token is the answer of the token endpoint; left out: commonToken.
	Token json.RawMessage `json:"token"`
	// Claims are those of the ID token in that answer; left out: it has none.
	Claims json.RawMessage `json:"claims"`
	// Keys is the address at which the provider publishes its keys; left out: no ID
	// token is accepted.
	Keys string `json:"keys"`
	// Answers are those of the provider's other addresses, with or without a query.
	Answers map[string]json.RawMessage `json:"answers"`
	// Alike are addresses that answer as others do, under some options.
	Alike map[string]string `json:"alike"`
	// User is what the provider posts to the callback; left out: nothing.
	User json.RawMessage `json:"user"`
	// Nonce is that of the state; left out: none.
	Nonce string `json:"nonce"`
	// Refuses are options with which ours is not made, because the original heeds
	// them nowhere; Needs are those without which it is not.
	Refuses []string `json:"refuses"`
	Needs   []string `json:"needs"`

	common *answers
}

// refused tells whether ours is to refuse a set of options.
func (tr *trial) refused(set map[string]any) bool {
	for name, v := range set {
		if slices.Contains(tr.Refuses, name) && v != nil || slices.Contains(tr.Needs, name) && (v == nil || v == "") {
			return true
		}
	}
	return false
}

// play is one thing that is done with a provider. Its JSON is what
// testdata/original.mjs is told.
type play struct {
	Provider      string          `json:"provider"`
	Options       json.RawMessage `json:"options"`
	Act           string          `json:"act"`
	Authorization *authorization  `json:"authorization,omitempty"`
	Code          *code           `json:"code,omitempty"`
	Token         *token          `json:"token,omitempty"`

	// Answers and Grant are what the provider answers otherwise than in common.
	Answers map[string]reply `json:"answers,omitempty"`
	Grant   *reply           `json:"grant,omitempty"`

	name     string
	mustWork bool
	refused  bool
	common   *answers
	asked    []string
}

type authorization struct {
	State            string          `json:"state"`
	CodeVerifier     string          `json:"codeVerifier"`
	RedirectURI      string          `json:"redirectURI"`
	Scopes           []string        `json:"scopes,omitempty"`
	LoginHint        string          `json:"loginHint,omitempty"`
	Nonce            string          `json:"idTokenNonce,omitempty"`
	AdditionalParams json.RawMessage `json:"additionalParams,omitempty"`
}

type code struct {
	Code         string          `json:"code"`
	CodeVerifier string          `json:"codeVerifier"`
	RedirectURI  string          `json:"redirectURI"`
	DeviceID     string          `json:"deviceId,omitempty"`
	Nonce        string          `json:"nonce,omitempty"`
	User         json.RawMessage `json:"user,omitempty"`
}

type token struct {
	ID     string `json:"id"`
	Nonce  string `json:"nonce,omitempty"`
	Access string `json:"access,omitempty"`
}

func (p *play) authorization() oauth.Authorization {
	a := p.Authorization
	out := oauth.Authorization{
		State: a.State, Verifier: a.CodeVerifier, RedirectURI: a.RedirectURI,
		Nonce: a.Nonce, Scopes: a.Scopes, LoginHint: a.LoginHint,
	}
	if len(a.AdditionalParams) > 0 {
		extra, err := oauth.ParseObject(a.AdditionalParams)
		if err != nil {
			panic(err)
		}
		for _, m := range extra {
			out.Extra = append(out.Extra, oauth.Param{Name: m.Key, Value: m.Value.(string)})
		}
	}
	return out
}

// answers are what a provider answers: at its addresses, and at any other, which
// is the token endpoint.
type answers struct {
	Answers map[string]reply `json:"answers"`
	Grant   reply            `json:"grant"`
}

// trials reads the folder.
func trials(t *testing.T) []*trial {
	t.Helper()
	files, err := filepath.Glob("testdata/trials/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no trials: %v", err)
	}
	var out []*trial
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		read := &trial{id: strings.TrimSuffix(filepath.Base(file), ".json")}
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(read); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, read)
	}
	return out
}
