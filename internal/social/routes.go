package social

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// begunOutput is how a flow begins: where the browser is to go.
type begunOutput struct {
	URL      string `json:"url"`
	Redirect bool   `json:"redirect"`
}

// signInOutput is the address of the provider or, for an ID token, the session.
type signInOutput struct {
	Redirect bool       `json:"redirect"`
	URL      string     `json:"url,omitempty"`
	Token    string     `json:"token,omitempty"`
	User     api.Object `json:"user,omitempty" model:"user"`
}

// linkOutput is the address of the provider or, for an ID token, the link.
type linkOutput struct {
	URL      string `json:"url"`
	Status   bool   `json:"status,omitempty"`
	Redirect bool   `json:"redirect"`
}

// Routes are the endpoints of the flow. They are part of the core, as in the
// original: package core lists them, so that a deployment without providers
// answers there what the original answers.
func (s *Social) Routes() []api.Route {
	return []api.Route{
		api.POST("/sign-in/social", api.Public, s.signInSocial, api.Answers[signInOutput](), api.Fails(errProviderNotFound, errNoIDTokens, errNoUserInfo, errUserHasNoEmail),
			api.Doc("Sends a browser to a provider to sign in there, or signs in with the provider's ID token.")),
		api.GET("/callback/{id}", api.Public, s.callback, api.MayRedirect(),
			api.Doc("Is where a provider sends the browser back to.")),
		api.POST("/callback/{id}", api.Public, s.posted, api.AcceptForm(), api.ReadsQuery[callbackInput](), api.MayRedirect(),
			api.Doc("Is where a provider sends the browser back to that posts its answer.")),
		api.POST("/link-social", api.Sensitive, s.linkSocial, api.Answers[linkOutput](),
			api.Fails(errProviderNotFound, errNoIDTokens, errNoUserInfo, errUserHasNoEmail, errAlreadyLinked, errLinkingOff, errOtherAddress, errLinkingFailed),
			api.Doc("Sends the caller's browser to a provider to add a login method, or adds the one of an ID token.")),
	}
}

// signInSocial begins a flow, or ends one that the application has gone through by
// itself.
func (s *Social) signInSocial(ctx context.Context, c *api.Call, in signInInput) (any, error) {
	p := s.Provider(in.Provider)
	switch {
	case p == nil:
		return nil, errProviderNotFound
	case in.IDToken != nil:
		return s.signInWithToken(ctx, c, p, in)
	}
	address, err := s.Begin(ctx, c, p, Flow{
		CallbackURL: orEmpty(in.CallbackURL), ErrorURL: in.ErrorCallbackURL, NewUserURL: in.NewUserCallbackURL,
		RequestSignUp: in.RequestSignUp, Scopes: list(in.Scopes), LoginHint: orEmpty(in.LoginHint), Params: paramsOf(c),
		AdditionalData: dataOf(c),
	})
	return begun(c, address, in.DisableRedirect), err
}

// begun answers with an address, and with its header unless that is not wanted.
func begun(c *api.Call, address string, disabled *bool) begunOutput {
	if !isTrue(disabled) && address != "" {
		c.SetLocation(address)
	}
	return begunOutput{URL: address, Redirect: !isTrue(disabled)}
}

// linkSocial begins the flow of a link for the session of the call.
func (s *Social) linkSocial(ctx context.Context, c *api.Call, in linkInput) (any, error) {
	p := s.Provider(in.Provider)
	switch {
	case p == nil:
		return nil, errProviderNotFound
	case in.IDToken != nil:
		return s.linkWithToken(ctx, c, p, in.IDToken)
	}
	link, err := s.NewLink(c)
	if err != nil {
		return nil, err
	}
	address, err := s.Begin(ctx, c, p, Flow{
		CallbackURL: orEmpty(in.CallbackURL), ErrorURL: in.ErrorCallbackURL, RequestSignUp: in.RequestSignUp, Link: link,
		Scopes: list(in.Scopes), LoginHint: orEmpty(in.LoginHint), Params: paramsOf(c), AdditionalData: dataOf(c),
	})
	return begun(c, address, in.DisableRedirect), err
}

// NewLink gives what a flow keeps of the call's session, so that it links to nobody
// once that has ended.
func (s *Social) NewLink(c *api.Call) (*Link, error) {
	sealed, err := s.keeper.link.Encrypt([]byte(c.Session.Token), s.auth.Rand)
	return &Link{Email: c.User.Email, UserID: c.User.ID, session: sealed}, err
}
