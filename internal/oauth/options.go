package oauth

import (
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Options are the options of a provider, Better Auth's for all of them and those that only some
// know; package provider refuses one where the provider does not know it.
type Options struct {
	ClientID              config.OneOrMany  `yaml:"clientId" doc:"The id of the application at the provider. Of a list, the first is used and all are accepted as the audience of an ID token."`
	ClientSecret          config.Secret     `yaml:"clientSecret" doc:"The application's secret at the provider. Apple's is a JWT that the operator has signed."`
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

	ClientKey         string    `yaml:"clientKey" doc:"TikTok: the application's key, in the place of an id."`
	Environment       string    `yaml:"environment" enum:"sandbox,live,production" doc:"PayPal (sandbox or live, default sandbox) and Salesforce (sandbox or production, default production): which of its worlds is asked."`
	LoginURL          string    `yaml:"loginUrl" doc:"Salesforce: the host of an organization's own domain, such as acme.my.salesforce.com."`
	Issuer            string    `yaml:"issuer" doc:"GitLab and Paybin: the address of a server of one's own."`
	Duration          string    `yaml:"duration" doc:"Reddit: permanent for a refresh token, else temporary."`
	Claims            []string  `yaml:"claims" doc:"Twitch: the claims of the ID token that are asked for; default is email, email_verified, preferred_username and picture."`
	Lang              string    `yaml:"lang" enum:"cn,en" doc:"WeChat: the language of its page; default is cn."`
	PKCE              *bool     `yaml:"pkce" doc:"Zoom: whether a proof key is sent; default is true."`
	TokenEndpointAuth TokenAuth `yaml:"tokenEndpointAuth" doc:"Cloudflare and Vercel: how the application proves itself at the token endpoint."`

	GetUserInfo        config.Never `yaml:"getUserInfo" instead:"map fields by mapProfileToUser"`
	RefreshAccessToken config.Never `yaml:"refreshAccessToken" instead:"leave it out, tokens are renewed as the provider documents"`
	VerifyIDToken      config.Never `yaml:"verifyIdToken" instead:"leave it out, ID tokens are checked against the provider's keys"`

	RequestShippingAddress config.Never `yaml:"requestShippingAddress" instead:"leave it out, it has no effect in Better Auth either"`
	PlatformType           config.Never `yaml:"platformType" instead:"leave it out, there is only WebsiteApp"`
}

// TokenAuth is the option tokenEndpointAuth.
type TokenAuth struct {
	Method string `yaml:"method" enum:"none,client_secret_basic,client_secret_post" doc:"How: none, client_secret_basic or client_secret_post; default is the provider's way."`

	GetClientAssertion config.Never `yaml:"getClientAssertion" instead:"use a client secret"`
	CustomizeRequest   config.Never `yaml:"customizeRequest" instead:"use a client secret"`
}
