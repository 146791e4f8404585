package social

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

type signInInput struct {
	CallbackURL        *string           `json:"callbackURL" doc:"Where the browser goes in the end; default is the origin of the server."`
	NewUserCallbackURL *string           `json:"newUserCallbackURL" doc:"Where it goes instead when a user was made."`
	ErrorCallbackURL   *string           `json:"errorCallbackURL" doc:"Where it goes instead after a failure, with the code in error."`
	Provider           string            `json:"provider" check:"union" doc:"The provider's name in the configuration."`
	DisableRedirect    *bool             `json:"disableRedirect" doc:"Whether the address is only given and the browser not sent there."`
	IDToken            *idTokenInput     `json:"idToken" doc:"An ID token that the application has got by itself, in the place of the redirect."`
	Scopes             *[]string         `json:"scopes" doc:"Scopes that are asked for beyond the provider's."`
	RequestSignUp      *bool             `json:"requestSignUp" doc:"Whether a user may be made although disableImplicitSignUp is on."`
	LoginHint          *string           `json:"loginHint" doc:"Whom the provider is to expect, such as an address."`
	AdditionalParams   *additionalParams `json:"additionalParams" doc:"Further parameters for the provider's page."`
	AdditionalData     *api.Record       `json:"additionalData" doc:"Data of the application that the flow carries along."`
}

type idTokenInput struct {
	Token        string     `json:"token" doc:"The ID token."`
	Nonce        *string    `json:"nonce" doc:"The nonce that it must have."`
	AccessToken  *string    `json:"accessToken" doc:"The access token beside it."`
	RefreshToken *string    `json:"refreshToken" doc:"The refresh token beside it."`
	ExpiresAt    *float64   `json:"expiresAt" doc:"Ignored."`
	User         *userInput `json:"user" doc:"What Apple tells of the user once."`
}

type userInput struct {
	Name  *nameInput `json:"name"`
	Email *string    `json:"email"`
}

type nameInput struct {
	FirstName *string `json:"firstName"`
	LastName  *string `json:"lastName"`
}

type linkInput struct {
	CallbackURL      *string           `json:"callbackURL" doc:"Where the browser goes in the end; default is the origin of the server."`
	Provider         string            `json:"provider" check:"union" doc:"The provider's name in the configuration."`
	IDToken          *linkTokenInput   `json:"idToken" doc:"An ID token that the application has got by itself, in the place of the redirect."`
	RequestSignUp    *bool             `json:"requestSignUp" doc:"Kept with the flow; a link makes no user."`
	Scopes           *[]string         `json:"scopes" doc:"Scopes that are asked for beyond the provider's."`
	ErrorCallbackURL *string           `json:"errorCallbackURL" doc:"Where the browser goes after a failure, with the code in error."`
	DisableRedirect  *bool             `json:"disableRedirect" doc:"Whether the address is only given and the browser not sent there."`
	LoginHint        *string           `json:"loginHint" doc:"Whom the provider is to expect, such as an address."`
	AdditionalParams *additionalParams `json:"additionalParams" doc:"Further parameters for the provider's page."`
	AdditionalData   *api.Record       `json:"additionalData" doc:"Data of the application that the flow carries along."`
}

type linkTokenInput struct {
	Token        string  `json:"token" doc:"The ID token."`
	Nonce        *string `json:"nonce" doc:"The nonce that it must have."`
	AccessToken  *string `json:"accessToken" doc:"The access token beside it."`
	RefreshToken *string `json:"refreshToken" doc:"The refresh token beside it."`
}

// additionalParams are parameters by name.
type additionalParams = map[string]string

// reserved says of additionalParams what the original says once they are texts.
func reserved(params *additionalParams) []string {
	if params == nil {
		return nil
	}
	for name := range *params {
		if slices.Contains(oauth.Reserved, name) {
			return []string{"[body.additionalParams] additionalParams cannot include reserved OAuth parameters: " + strings.Join(oauth.Reserved, ", ")}
		}
	}
	return nil
}

// Examine refuses parameters that only the flow itself sets.
func (in *signInInput) Examine(map[string]any) []string { return reserved(in.AdditionalParams) }

// Examine refuses parameters that only the flow itself sets.
func (in *linkInput) Examine(map[string]any) []string { return reserved(in.AdditionalParams) }

// paramsOf gives further parameters in the order in which the client sent them.
func paramsOf(c *api.Call) []oauth.Param {
	var params []oauth.Param
	for _, m := range c.BodyObject("additionalParams") {
		text, _ := m.Value.(string)
		params = append(params, oauth.Param{Name: m.Key, Value: text})
	}
	return params
}

// dataOf gives what the application adds. The original leaves __proto__ out.
func dataOf(c *api.Call) api.Object {
	return slices.DeleteFunc(c.BodyObject("additionalData"), func(m api.Member) bool { return m.Key == "__proto__" })
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func list(texts *[]string) []string {
	if texts == nil {
		return nil
	}
	return *texts
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

// tokens gives what the client has brought.
func (in *idTokenInput) tokens() *oauth.Tokens {
	t := &oauth.Tokens{ID: in.Token, Access: orEmpty(in.AccessToken), Refresh: orEmpty(in.RefreshToken)}
	if in.User != nil {
		t.User = in.User.object()
	}
	return t
}

func (u *userInput) object() api.Object {
	o := api.Object{}
	if u.Name != nil {
		name := api.Object{}
		for key, part := range map[string]*string{"firstName": u.Name.FirstName, "lastName": u.Name.LastName} {
			if part != nil {
				name = name.Set(key, *part)
			}
		}
		o = o.Set("name", name)
	}
	if u.Email != nil {
		o = o.Set("email", *u.Email)
	}
	return o
}
