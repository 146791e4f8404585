package onetap

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/social"
)

type input struct {
	IDToken     string  `json:"idToken" doc:"The ID token that Google's script has given."`
	CallbackURL *string `json:"callbackURL" doc:"Where the client goes next; checked, and left to the client."`
}

type output struct {
	Token string     `json:"token"`
	User  api.Object `json:"user" model:"user"`
}

// scopes are what an account of One Tap has granted.
var scopes = []string{"openid", "profile", "email"}

// signIn lets in whom an ID token names.
func (t *OneTap) signIn(ctx context.Context, c *api.Call, in input) (output, error) {
	id, err := t.identify(ctx, in.IDToken)
	if err != nil {
		return output{}, err
	}
	r, err := t.social.SignIn(ctx, c, id, social.SignInOptions{
		CallbackURL: "/", DisableSignUp: t.noSignUp, OverrideUserInfo: t.google.Options.OverrideUserInfo,
	})
	refusal := new(social.Refusal)
	switch {
	case !errors.As(err, &refusal):
	case refusal.OnErrorPage:
		err = api.Instead(t.social.Fail(t.social.ErrorPage(), refusal.Code(), ""))
	case refusal.Text == "email_not_verified":
		err = auth.ErrEmailNotVerified
	default:
		err = api.NewError(401, "", refusal.Text)
	}
	if err != nil {
		return output{}, err
	}
	return output{Token: r.Session.Token, User: t.auth.UserOutput(r.User)}, nil
}

// identify checks a token and reads whom it names.
func (t *OneTap) identify(ctx context.Context, token string) (*social.Identity, error) {
	if t.google == nil {
		return nil, errNoClient
	}
	if err := t.google.CheckIDToken(ctx, token, ""); err != nil {
		return nil, errToken.WithCause(err)
	}
	tokens := &oauth.Tokens{ID: token, Scopes: scopes}
	info, err := t.google.UserInfo(ctx, tokens)
	if err != nil {
		return nil, errToken.WithCause(err)
	}
	if info.Email() == "" {
		return nil, errNoEmail
	}
	subject, _ := t.google.Subject(tokens, info.Profile).(string)
	if subject == "" {
		return nil, errToken
	}
	info.User = plain(info.User)
	return &social.Identity{ProviderID: google, AccountID: subject, Info: info, Tokens: tokens}, nil
}

// plain leaves out a name and an image that are no texts.
func plain(user api.Object) api.Object {
	var kept api.Object
	for _, m := range user {
		_, isText := m.Value.(string)
		if isText || m.Key != "name" && m.Key != "image" {
			kept = append(kept, m)
		}
	}
	return kept
}
