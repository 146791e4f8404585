package social

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

type callbackInput struct {
	Code             *string `json:"code" check:"own" doc:"What the provider gives in exchange for tokens."`
	Error            *string `json:"error" check:"own" doc:"Why there is no code."`
	DeviceID         *string `json:"device_id" check:"own" doc:"VK's."`
	ErrorDescription *string `json:"error_description" check:"own" doc:"The same in words."`
	State            *string `json:"state" check:"own" doc:"Which flow this belongs to."`
	User             *string `json:"user" check:"own" doc:"Apple's: the user's name, once."`
	Issuer           *string `json:"iss" check:"own" doc:"Who answers (RFC 9207)."`
}

// members are the parameters in the order in which they are sent on.
func (in *callbackInput) members() []struct {
	name  string
	value **string
} {
	return []struct {
		name  string
		value **string
	}{
		{"code", &in.Code},
		{"error", &in.Error},
		{"device_id", &in.DeviceID},
		{"error_description", &in.ErrorDescription},
		{"state", &in.State},
		{"user", &in.User},
		{"iss", &in.Issuer},
	}
}

// posted sends a browser that was made to post its answer back to the same place,
// now with the cookies of the flow, which a form of another site does not carry.
func (s *Social) posted(_ context.Context, c *api.Call, in *callbackInput) (api.Redirect, error) {
	if in == nil {
		in = &callbackInput{}
	}
	var form oauth.Form
	for _, m := range in.members() {
		switch v := c.QueryField(m.name).(type) {
		case nil:
		case string:
			*m.value = &v
		default:
			return "", api.ErrQueryText(m.name, v)
		}
		if *m.value != nil {
			form.Set(m.name, **m.value)
		}
	}
	back := s.auth.BaseURL + "/callback/" + c.Request.PathValue("id") + "?" + form.String()
	return api.Redirect(s.auth.RedirectTarget(back)), nil
}

// callback is where providers send browsers back to. Whatever comes of it, the
// browser goes on to a page of the application.
func (s *Social) callback(ctx context.Context, c *api.Call, in callbackInput) (api.Redirect, error) {
	p := s.Provider(c.Request.PathValue("id"))
	if in.State == nil && orEmpty(in.Code) != "" && p != nil && p.IdPInitiated {
		address, err := s.Begin(ctx, c, p, Flow{})
		return api.Redirect(address), err
	}
	switch {
	case orEmpty(in.State) == "":
		return s.Fail(s.ErrorPage(), errorNoState, ""), nil
	case s.isForAnother(*in.State, p):
		return s.Fail(s.ErrorPage(), errorStateGone, ""), nil
	}
	state, err := s.ReadState(ctx, c, *in.State)
	wrong := new(StateError)
	switch {
	case errors.As(err, &wrong):
		return s.Fail(wrong.Page, wrong.Code, ""), nil
	case err != nil:
		return "", err
	}
	return s.arrive(ctx, c, p, state, in)
}

// arrive ends a flow whose state is right.
func (s *Social) arrive(ctx context.Context, c *api.Call, p *oauth.Provider, state *State, in callbackInput) (api.Redirect, error) {
	fail := func(code string) (api.Redirect, error) { return s.Fail(state.ErrorURL, code, ""), nil }
	switch {
	case orEmpty(in.Error) != "":
		return s.Fail(state.ErrorURL, *in.Error, orEmpty(in.ErrorDescription)), nil
	case orEmpty(in.Code) == "":
		return fail(errorNoCode)
	case p == nil:
		return fail(errorNoProvider)
	}
	id, code := s.Exchange(ctx, c, p, Callback{
		Code: *in.Code, Verifier: state.CodeVerifier, Nonce: state.Nonce,
		Issuer: orEmpty(in.Issuer), DeviceID: orEmpty(in.DeviceID), User: orEmpty(in.User),
	})
	switch {
	case code != "":
		return fail(code)
	case state.CallbackURL == "":
		return fail(errorNoCallback)
	case state.Link != nil:
		return s.Conclude(state, false, s.Link(ctx, c, *state.Link, id))
	case id.Email() == "":
		return fail(errorNoEmail)
	}
	r, err := s.SignIn(ctx, c, id, SignInOptions{
		CallbackURL:      state.CallbackURL,
		DisableSignUp:    p.Options.DisableImplicitSignUp && !state.RequestSignUp || p.Options.DisableSignUp,
		OverrideUserInfo: p.Options.OverrideUserInfo,
	})
	return s.Conclude(state, r.IsNew, err)
}

// Conclude sends the browser on: with the reason where it was refused. One that a
// gate keeps out finds the page of the application with what the gate has sent.
func (s *Social) Conclude(state *State, isNew bool, err error) (api.Redirect, error) {
	refusal, refused := new(Refusal), new(api.Error)
	switch {
	case errors.As(err, &refusal) && refusal.OnErrorPage:
		return s.Fail(s.ErrorPage(), refusal.Code(), ""), nil
	case errors.As(err, &refusal):
		return s.Fail(state.ErrorURL, refusal.Code(), ""), nil
	case errors.As(err, &refused) && refused.Code != "" && refused.Status < 500:
		return s.Fail(state.ErrorURL, refused.Code, refused.Message), nil
	case err != nil && !api.IsInstead(err):
		return "", err
	case isNew && state.NewUserURL != "":
		return api.Redirect(s.auth.RedirectTarget(state.NewUserURL)), nil
	}
	return api.Redirect(s.auth.RedirectTarget(state.CallbackURL)), nil
}

// ErrorPage is where a browser goes after a failure if its flow names no page.
func (s *Social) ErrorPage() string {
	if page := s.auth.Config.OnAPIError.ErrorURL; page != "" {
		return page
	}
	return s.auth.BaseURL + "/error"
}

// Fail sends a browser to a page with an error, if the page is a trusted one or the
// operator's.
func (s *Social) Fail(page, code, description string) api.Redirect {
	if page != s.ErrorPage() { // which is the operator's
		page = s.auth.RedirectTarget(page)
	}
	pairs := []origin.Pair{{Name: "error", Value: code}}
	if description != "" {
		pairs = append(pairs, origin.Pair{Name: "error_description", Value: description})
	}
	to, err := origin.AppendQuery(page, pairs...)
	if err != nil {
		to = "/"
	}
	return api.Redirect(to)
}
