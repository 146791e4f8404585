package transcript

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// AtProvider is what a step does at the identity provider: one of Follow, Tell,
// Rotate and Sign.
type AtProvider struct {
	// Follow is the address of an authorization, which is opened as by a browser
	// whose user the script is. Kept can be "location", where the browser is sent,
	// "form", what it posts there, and "param.code" and its like.
	Follow string `json:"follow"`
	// Tell names a provider, which does as the script says from now on.
	Tell string `json:"tell"`
	// Rotate names a provider, which signs with a new key from now on.
	Rotate string `json:"rotate"`
	// Sign names a provider that makes an ID token for a client, kept as "token".
	Sign   string `json:"sign"`
	Client string `json:"client"`
	Nonce  string `json:"nonce"`
	// Script is an [idptest.Script].
	Script json.RawMessage `json:"script"`
}

func (a AtProvider) label() string {
	for _, what := range [][2]string{{"follow", a.Follow}, {"tell", a.Tell}, {"rotate", a.Rotate}, {"sign", a.Sign}} {
		if what[1] != "" {
			return what[0] + " " + what[1]
		}
	}
	return ""
}

// AsksProviders tells whether the conversation's server asks identity providers.
func (c Conversation) AsksProviders() bool {
	return strings.Contains(c.Config, `"socialProviders"`) || strings.Contains(c.Config, `"genericOAuth"`) ||
		slices.ContainsFunc(c.Steps, func(s Step) bool { return s.At != "" })
}

// atProvider plays a step at the provider.
func (p *player) atProvider(ctx context.Context, s Step) (Answer, error) {
	answer := Answer{Step: s.Name}
	script, err := p.script(s)
	switch {
	case err != nil:
		return answer, err
	case s.At != "provider":
		return answer, fmt.Errorf("there is no place %q", s.At)
	case p.target.Provider == nil:
		return answer, errors.New("the target has no provider")
	case s.Follow != "":
		return p.follow(ctx, s, script)
	case s.Tell != "":
		p.target.Provider.Tell(s.Tell, script)
	case s.Rotate != "":
		p.target.Provider.Rotate(s.Rotate, false)
	case s.Sign != "":
		return answer, p.signIDToken(s, script)
	default:
		return answer, errors.New("the step does nothing at the provider")
	}
	return answer, nil
}

func (p *player) script(s Step) (idptest.Script, error) {
	var script idptest.Script
	if s.Script == nil {
		return script, nil
	}
	text, err := p.vars.fill(string(s.Script))
	if err != nil {
		return script, err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	return script, decoder.Decode(&script)
}

// follow opens the address of an authorization.
func (p *player) follow(ctx context.Context, s Step, script idptest.Script) (Answer, error) {
	answer := Answer{Step: s.Name}
	address, err := p.vars.fill(s.Follow)
	if err != nil {
		return answer, err
	}
	landing, err := p.target.Provider.Browse(ctx, address, script)
	if err != nil {
		return answer, err
	}
	form := landing.Form.Encode()
	answer.Body = p.reader.text(ctx, strings.TrimSpace(landing.Address+" "+form))
	return answer, p.keepParts(s, landing, form)
}

func (p *player) keepParts(s Step, landing *idptest.Landing, form string) error {
	to, err := url.Parse(landing.Address)
	if err != nil {
		return err
	}
	params := to.Query()
	if landing.Form != nil {
		params = landing.Form
	}
	for name, place := range s.Keep {
		param, isParam := strings.CutPrefix(place, "param.")
		switch {
		case place == "location":
			p.vars.kept[name] = landing.Address
		case place == "form":
			p.vars.kept[name] = form
		case isParam && params.Has(param):
			p.vars.kept[name] = params.Get(param)
		default:
			return fmt.Errorf("nothing to keep as %q: no %s in %s %s", name, place, landing.Address, form)
		}
	}
	return nil
}

func (p *player) signIDToken(s Step, script idptest.Script) error {
	nonce, err := p.vars.fill(s.Nonce)
	if err != nil {
		return err
	}
	token, err := p.target.Provider.SignIDToken(s.Sign, s.Client, nonce, script)
	for name, place := range s.Keep {
		if place != "token" {
			return fmt.Errorf("nothing to keep as %q: no %s", name, place)
		}
		p.vars.kept[name] = token
	}
	return err
}

// asked reads what the target has asked of providers since the last step, but for
// their keys, which servers keep for a while.
func (p *player) asked(ctx context.Context) []string {
	if p.target.Provider == nil {
		return nil
	}
	var lines []string
	for _, r := range p.target.Provider.Asked() {
		if p.target.Provider.Publishes(r.URL) {
			continue
		}
		lines = append(lines, p.reader.request(ctx, r))
	}
	return lines
}

// publicKeys finds the keys of a provider and those that a target has stored.
func publicKeys(provider *idptest.Server, db *database) func(context.Context, string) (string, error) {
	return func(ctx context.Context, kid string) (string, error) {
		if provider == nil {
			return db.publicKey(ctx, kid)
		}
		jwk, ok := provider.Key(kid)
		if !ok {
			return db.publicKey(ctx, kid)
		}
		text, err := json.Marshal(jwk)
		return string(text), err
	}
}
