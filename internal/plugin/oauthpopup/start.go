package oauthpopup

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/social"
)

type startInput struct {
	Provider       string  `json:"provider" doc:"The provider's id."`
	Origin         string  `json:"popupOrigin" doc:"The origin of the application, a trusted one."`
	Nonce          *string `json:"popupNonce" doc:"A value that the message to the application repeats."`
	CallbackURL    *string `json:"callbackURL" doc:"Where the sign-in would lead without a popup, of which the message tells."`
	ErrorURL       *string `json:"errorCallbackURL" doc:"The same for an error."`
	NewUserURL     *string `json:"newUserCallbackURL" doc:"The same for a new user."`
	Scopes         *string `json:"scopes" doc:"Further scopes, with commas between them."`
	RequestSignUp  *string `json:"requestSignUp" doc:"The word true where a new user may be made although the provider makes none by itself."`
	AdditionalData *string `json:"additionalData" doc:"A JSON object that is kept in the flow's state."`
}

// start begins a flow and remembers the popup. What goes wrong is told to the
// application by the page.
func (p *Popup) start(ctx context.Context, c *api.Call, in startInput) (any, error) {
	if !p.auth.Trusted.MatchesOrigin(in.Origin) {
		return nil, errOrigin
	}
	out := outcome{Target: in.Origin, Nonce: text(in.Nonce)}
	fail := func(code, description string) (any, error) {
		out.Error = &failure{code, description}
		return page(c, out)
	}
	for _, target := range []struct {
		url  *string
		code string
	}{{in.CallbackURL, codeCallback}, {in.ErrorURL, codeErrorPage}, {in.NewUserURL, codeNewUser}} {
		if to := text(target.url); to != "" && !p.auth.Trusted.MatchesTarget(to) {
			return fail(target.code, "Untrusted URL: "+to)
		}
	}
	provider := p.social.Provider(in.Provider)
	if provider == nil {
		return fail(codeProvider, "Unknown provider: "+in.Provider)
	}
	address, err := p.begin(ctx, c, provider, in)
	if err != nil {
		c.Log.Warn("a popup could not begin", "provider", provider.ID, "error", err)
		return fail(codeFailed, "Failed to start the OAuth flow.")
	}
	return api.Redirect(address), nil
}

func (p *Popup) begin(ctx context.Context, c *api.Call, provider *oauth.Provider, in startInput) (string, error) {
	f := social.Flow{CallbackURL: text(in.CallbackURL), ErrorURL: in.ErrorURL, NewUserURL: in.NewUserURL, AdditionalData: furtherData(in.AdditionalData)}
	if f.CallbackURL == "" {
		f.CallbackURL = p.auth.BaseURL
	}
	if yes := text(in.RequestSignUp) == "true"; yes {
		f.RequestSignUp = &yes
	}
	if scopes := text(in.Scopes); scopes != "" {
		f.Scopes = strings.Split(scopes, ",")
	}
	address, err := p.social.Begin(ctx, c, provider, f)
	// The cookie is there also where the provider has no address to go to.
	return address, errors.Join(err, p.remember(c, mark{Origin: in.Origin, Nonce: text(in.Nonce)}))
}

// furtherData reads the application's data. What is no object is none; the members
// of the state itself are left out, so that nobody sets them from outside.
func furtherData(given *string) api.Object {
	data, err := oauth.ParseObject([]byte(text(given)))
	if err != nil {
		return nil
	}
	var kept api.Object
	for _, m := range data {
		if !ownMembers[m.Key] {
			kept = append(kept, m)
		}
	}
	return kept
}

// ownMembers are those of a state that only the flow itself sets.
var ownMembers = map[string]bool{
	"callbackURL": true, "codeVerifier": true, "errorURL": true, "newUserURL": true, "expiresAt": true, "oauthState": true,
	"link": true, "requestSignUp": true, "idTokenNonce": true, "serverContext": true,
}

func text(given *string) string {
	if given == nil {
		return ""
	}
	return *given
}
