package social

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// signInWithToken lets in whom an ID token is about.
func (s *Social) signInWithToken(ctx context.Context, c *api.Call, p *oauth.Provider, in signInInput) (any, error) {
	id, err := s.identityOf(ctx, c, p, in.IDToken.tokens(), orEmpty(in.IDToken.Nonce))
	if err != nil {
		return nil, err
	}
	id.Tokens.Refresh = "" // which the original does not keep here
	r, err := s.SignIn(ctx, c, id, SignInOptions{
		CallbackURL:   orEmpty(in.CallbackURL),
		DisableSignUp: p.Options.DisableImplicitSignUp && !isTrue(in.RequestSignUp) || p.Options.DisableSignUp,
	})
	refusal := new(Refusal)
	switch {
	case !errors.As(err, &refusal):
	case refusal.OnErrorPage:
		err = api.Instead(s.Fail(s.ErrorPage(), refusal.Code(), ""))
	case refusal.Text == errorEmailNotVerified:
		err = auth.ErrEmailNotVerified
	default:
		err = api.NewError(401, "OAUTH_LINK_ERROR", refusal.Text)
	}
	if err != nil {
		return nil, err
	}
	return signInOutput{Token: r.Session.Token, User: s.auth.UserOutput(r.User)}, nil
}

// identityOf checks an ID token that a client has brought and asks the provider
// whose it is. A token that was not checked names nobody.
func (s *Social) identityOf(ctx context.Context, c *api.Call, p *oauth.Provider, t *oauth.Tokens, nonce string) (*Identity, error) {
	if p.CheckIDToken == nil || p.Options.DisableIDTokenSignIn {
		return nil, errNoIDTokens
	}
	if err := p.CheckIDToken(ctx, t.ID, nonce); err != nil {
		return nil, auth.ErrInvalidToken.WithCause(err)
	}
	if p.IDTokenUser != nil {
		byToken := *p
		byToken.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) { return p.IDTokenUser(ctx, t.ID) }
		p = &byToken
	}
	info := s.ask(ctx, c, p, t)
	switch {
	case info == nil:
		return nil, errNoUserInfo
	case info.Email() == "":
		return nil, errUserHasNoEmail
	}
	if id := s.identity(c, p, t, info); id != nil {
		return id, nil
	}
	return nil, errNoUserInfo
}

// linkWithToken makes whom an ID token is about a login method of the caller.
func (s *Social) linkWithToken(ctx context.Context, c *api.Call, p *oauth.Provider, in *linkTokenInput) (any, error) {
	tokens := &oauth.Tokens{ID: in.Token, Access: orEmpty(in.AccessToken), Refresh: orEmpty(in.RefreshToken)}
	id, err := s.identityOf(ctx, c, p, tokens, orEmpty(in.Nonce))
	if err != nil {
		return nil, err
	}
	account, err := s.account(ctx, s.auth.Store, id)
	switch {
	case err != nil:
	case account != nil && account.UserID == c.User.ID: // with the new tokens, whatever the options say by now
		_, err = s.updateTokens(ctx, s.auth.Store, account, id)
	case account != nil:
		err = errAlreadyLinked
	case !s.mayLink(id):
		err = errLinkingOff
	case !s.sameAddress(id, c.User.Email):
		err = errOtherAddress
	default:
		err = s.addAccount(ctx, c, id, c.User.ID)
	}
	switch {
	case errors.Is(err, errOvertaken):
		return s.linkWithToken(ctx, c, p, in)
	case errors.Is(err, store.ErrRejected):
		return nil, errLinkingFailed.WithCause(err)
	case errors.As(err, new(*Refusal)):
		return nil, errLinkingFailed.WithCause(err)
	case err != nil:
		return nil, err
	}
	s.followProfile(ctx, c, id, c.User)
	return linkOutput{Status: true}, nil
}
