package oauthproxy

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// ahead is how far the clock of the production server may be before this one's.
const ahead = 10 * time.Second

type completeInput struct {
	CallbackURL string  `json:"callbackURL" doc:"Where the browser goes in the end, a trusted address."`
	Profile     *string `json:"profile" doc:"What the production server has learnt, encrypted."`
}

func (p *Proxy) complete(ctx context.Context, c *api.Call, in completeInput) (api.Redirect, error) {
	return p.end(ctx, c, in, c.Request.PathValue("id"))
}

// completeOld does not say which provider it is for.
func (p *Proxy) completeOld(ctx context.Context, c *api.Call, in completeInput) (api.Redirect, error) {
	return p.end(ctx, c, in, "")
}

// end takes a flow to its end with what the production server sends along.
func (p *Proxy) end(ctx context.Context, c *api.Call, in completeInput, provider string) (api.Redirect, error) {
	if err := p.auth.CheckCallback(c, in.CallbackURL); err != nil {
		return "", err
	}
	sent, code := p.open(in.Profile)
	if code != "" {
		return p.social.Fail(p.social.ErrorPage(), code, ""), nil
	}
	fail := func(code string) (api.Redirect, error) {
		return p.social.Fail(cmp.Or(sent.errorURL, p.social.ErrorPage()), code, ""), nil
	}
	if provider != "" && provider != sent.account.provider {
		return fail(codeProvider)
	}
	if age := p.auth.Time().UnixMilli() - sent.at; age > p.cfg.MaxAge.Std().Milliseconds() || age < -ahead.Milliseconds() {
		return fail(codeExpired)
	}
	state, err := p.social.ReadState(ctx, c, sent.state)
	switch {
	case errors.As(err, new(*social.StateError)):
		return fail(codeState)
	case err != nil:
		return "", err
	}
	return p.admit(ctx, c, sent, state)
}

// open reads the payload, or gives the code of what is wrong with it.
func (p *Proxy) open(profile *string) (*payload, string) {
	if profile == nil || *profile == "" {
		return nil, codeNoProfile
	}
	text, err := p.keys.profile.Decrypt(*profile)
	if err != nil {
		return nil, codeProfile
	}
	sent, err := decodePayload(text)
	if err != nil {
		return nil, codePayload
	}
	return sent, ""
}

// admit signs in or links, as a callback does.
func (p *Proxy) admit(ctx context.Context, c *api.Call, sent *payload, state *social.State) (api.Redirect, error) {
	id := sent.identity()
	state.CallbackURL, state.NewUserURL = sent.callbackURL, sent.newUserURL
	state.ErrorURL = cmp.Or(sent.errorURL, p.social.ErrorPage())
	if state.Link != nil {
		return p.social.Conclude(state, false, p.social.Link(ctx, c, *state.Link, id))
	}
	r, err := p.social.SignIn(ctx, c, id, social.SignInOptions{CallbackURL: sent.callbackURL, DisableSignUp: sent.disableSignUp})
	return p.social.Conclude(state, r.IsNew, err)
}

// identity is who the payload is about.
func (p *payload) identity() *social.Identity {
	user := api.Object{{Key: "email", Value: p.user.email}, {Key: "name", Value: p.user.name}}
	user = with(user, "image", p.user.image).Set("emailVerified", p.user.verified)
	return &social.Identity{
		ProviderID: p.account.provider, AccountID: p.account.id,
		Info: &oauth.UserInfo{User: user, Profile: p.profile},
		Tokens: &oauth.Tokens{
			Access: p.account.access, Refresh: p.account.refresh, ID: p.account.idToken,
			AccessExpiresAt: p.account.accessExpiresAt, RefreshExpiresAt: p.account.refreshExpiresAt, Scopes: p.scopes,
		},
	}
}
