package oauth

import (
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Options are the options of a provider, Better Auth's for all of them and those that only some
// know; package provider refuses one where the provider does not know it.
type Options struct {
	ClientID              config.OneOrMany  `yaml:"clientId" required:"true" doc:"The id of the application at the provider. Of a list, the first is used and all are accepted as the audience of an ID token."`
	ClientSecret          config.Secret     `yaml:"clientSecret" doc:"The application's secret at the provider. Apple's is a JWT that the operator has signed."`
	ClientKey             string            `yaml:"clientKey" doc:"The application's key, which TikTok has in the place of an id."`
	Scope                 []string          `yaml:"scope" doc:"Scopes that are asked for beyond the default ones."`
	DisableDefaultScope   bool              `yaml:"disableDefaultScope" doc:"Whether the default scopes are left out."`
	RedirectURI           string            `yaml:"redirectURI" doc:"The address to which the provider sends the browser back; default is callback/<provider> under the base URL."`
	AuthorizationEndpoint string            `yaml:"authorizationEndpoint" doc:"The address at which a sign-in begins, in the place of the provider's."`
	Prompt                string            `yaml:"prompt" doc:"What the provider is to ask the user each time, such as select_account or consent."`
	MapProfileToUser      map[string]string `yaml:"mapProfileToUser" doc:"Fields of the user by name, each with where its value stands in the provider's profile, such as given_name or address.country."`
	DisableIDTokenSignIn  bool              `yaml:"disableIdTokenSignIn" doc:"Whether an ID token that the application has got by itself is refused."`
	DisableSignUp         bool              `yaml:"disableSignUp" doc:"Whether only users who exist may sign in."`
	DisableImplicitSignUp bool              `yaml:"disableImplicitSignUp" doc:"Whether a user is made only where the request says requestSignUp."`
	OverrideUserInfo      bool              `yaml:"overrideUserInfoOnSignIn" doc:"Whether each sign-in writes the provider's name, image and address over the user's."`
	RequireEmailVerified  bool              `yaml:"requireEmailVerification" doc:"Whether users whose address the provider has not verified must verify it here before they are let in."`
	Enabled               *bool             `yaml:"enabled" default:"true" doc:"Whether the provider is there at all."`

	GetUserInfo        config.Never `yaml:"getUserInfo" instead:"map fields by mapProfileToUser"`
	RefreshAccessToken config.Never `yaml:"refreshAccessToken" instead:"leave it out, tokens are renewed as the provider documents"`
	VerifyIDToken      config.Never `yaml:"verifyIdToken" instead:"leave it out, ID tokens are checked against the provider's keys"`
}
