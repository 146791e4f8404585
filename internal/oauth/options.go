package oauth

import (
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Options are the options of a provider, Better Auth's for all of them and those that only some
// know; package provider refuses one where the provider does not know it.
type Options struct {
	ClientID              config.OneOrMany  `yaml:"clientId" doc:"The id of the application at the provider. Of a list, the first is used and all are accepted as the audience of an ID token."`
	ClientSecret          config.Secret     `yaml:"clientSecret" doc:"The application's secret at the provider. Apple's is a JWT that the operator has signed, unless privateKey lets the server sign it."`
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

	TokenEndpointAuthMethod string           `yaml:"tokenEndpointAuthMethod" enum:"none,client_secret_basic,client_secret_post" doc:"Cloudflare: the former form of tokenEndpointAuth.method."`
	Audience                config.OneOrMany `yaml:"audience" doc:"Apple: the audiences of which an ID token must have one; default is appBundleIdentifier, else clientId."`
	AppBundleIdentifier     string           `yaml:"appBundleIdentifier" doc:"Apple: the audience of ID tokens that applications on phones bring, in the place of clientId."`
	TeamID                  string           `yaml:"teamId" doc:"Apple: the id of the team whose key privateKey is."`
	KeyID                   string           `yaml:"keyId" doc:"Apple: the id of the key privateKey."`
	PrivateKey              config.Secret    `yaml:"privateKey" doc:"Apple: the key of the file AuthKey_<keyId>.p8, PEM text, with which the server signs the client secret by itself and renews it; in the place of clientSecret, with teamId and keyId."`
	Domain                  string           `yaml:"domain" doc:"Cognito: the domain of the user pool, such as acme.auth.us-east-1.amazoncognito.com."`
	Region                  string           `yaml:"region" doc:"Cognito: where the user pool is, such as us-east-1."`
	UserPoolID              string           `yaml:"userPoolId" doc:"Cognito: the id of the user pool."`
	RequireClientSecret     bool             `yaml:"requireClientSecret" doc:"Cognito: whether no sign-in begins without clientSecret."`
	IdentityProvider        string           `yaml:"identityProvider" doc:"Cognito: the identity provider that its page does not ask for, such as Google."`
	Permissions             *int             `yaml:"permissions" doc:"Discord: the permissions that a bot asks for, with the scope bot."`
	AccessType              string           `yaml:"accessType" doc:"Google and Dropbox: offline for a refresh token, else online."`
	Fields                  []string         `yaml:"fields" doc:"Facebook: fields of the profile that are asked for beyond id, name, email and picture."`
	ConfigID                string           `yaml:"configId" doc:"Facebook: the id of a configuration of Facebook Login for Business."`
	Display                 string           `yaml:"display" doc:"Google: how its page is shown: page, popup, touch or wap."`
	HD                      string           `yaml:"hd" doc:"Google: the domain of the organization whose users alone may sign in, or * for any organization."`
	IncludeGrantedScopes    *bool            `yaml:"includeGrantedScopes" doc:"Google: whether a token is also for the scopes that the user has granted before; default is true."`
	TenantID                string           `yaml:"tenantId" doc:"Microsoft: a tenant, or common (default), organizations or consumers."`
	Authority               string           `yaml:"authority" doc:"Microsoft: the address of the cloud or of Entra External ID; default is https://login.microsoftonline.com."`
	ProfilePhotoSize        int              `yaml:"profilePhotoSize" doc:"Microsoft: the width of the photo in pixels: 48 (default), 64, 96, 120, 240, 360, 432, 504 or 648."`
	DisableProfilePhoto     bool             `yaml:"disableProfilePhoto" doc:"Microsoft: whether the photo is not asked for."`

	ClientAssertion config.Never `yaml:"clientAssertion" instead:"use clientSecret"`

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
