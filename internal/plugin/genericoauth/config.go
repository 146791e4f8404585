package genericoauth

import (
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config holds the options of the generic OAuth plugin.
type Config struct {
	Config []Provider `yaml:"config" doc:"The providers, in the order in which one of them is looked for."`
}

// Provider holds the options of one provider. What a preset gives counts where an
// option is not given itself.
type Provider struct {
	Preset     string `yaml:"preset" enum:"auth0,gumroad,hubspot,keycloak,line,microsoftEntraId,okta,patreon,slack,yandex" doc:"A provider that is known, with its addresses, scopes and profile; the helper functions of Better Auth."`
	ProviderID string `yaml:"providerId" doc:"The id of the provider in paths, requests and rows; a preset has its own. A built-in provider of the same id is hidden."`
	Name       string `yaml:"name" doc:"The provider's name for people; default is its id."`
	Domain     string `yaml:"domain" doc:"The domain of the tenant, for the preset auth0."`
	TenantID   string `yaml:"tenantId" doc:"The id of the tenant (a GUID), for the preset microsoftEntraId."`
	Issuer     string `yaml:"issuer" doc:"Where discovery begins, for the presets keycloak and okta. Else the only issuer that the discovery document may name."`

	ClientID          string            `yaml:"clientId" required:"true" doc:"The id of the application at the provider."`
	ClientSecret      config.Secret     `yaml:"clientSecret" doc:"The application's secret at the provider."`
	Authentication    string            `yaml:"authentication" enum:"post,basic" doc:"How the secret is sent to the token endpoint: in the body (post, the default) or in a header (basic)."`
	TokenEndpointAuth TokenEndpointAuth `yaml:"tokenEndpointAuth"`

	DiscoveryURL     string                 `yaml:"discoveryUrl" doc:"The provider's OpenID Connect discovery document, which gives what is not set here and the keys of its ID tokens."`
	DiscoveryHeaders config.Ordered[string] `yaml:"discoveryHeaders" doc:"Headers of the request for the document, and of that for the keys where it goes to the same origin."`
	AuthorizationURL string                 `yaml:"authorizationUrl" doc:"Where a sign-in begins; discovery gives it too."`
	TokenURL         string                 `yaml:"tokenUrl" doc:"Where codes are traded for tokens; discovery gives it too."`
	UserInfoURL      string                 `yaml:"userInfoUrl" doc:"Where the provider tells who the user is; discovery gives it too."`
	EndSession       string                 `yaml:"endSessionEndpoint" doc:"Where the provider ends its own session at sign-out; discovery gives it too."`

	Scopes                 []string               `yaml:"scopes" doc:"The scopes that are asked for; a preset has its own. With discovery, openid is added."`
	RedirectURI            string                 `yaml:"redirectURI" doc:"The address to which the provider sends the browser back; default is callback/<providerId> under the base URL."`
	ResponseType           string                 `yaml:"responseType" doc:"The response_type of the authorization; default is code."`
	ResponseMode           string                 `yaml:"responseMode" enum:"query,form_post" doc:"How the provider sends its answer back."`
	Prompt                 string                 `yaml:"prompt" enum:"none,login,create,consent,select_account,select_account consent,login consent" doc:"What the provider is to ask the user each time."`
	PKCE                   *bool                  `yaml:"pkce" default:"true" doc:"Whether the authorization is bound to the browser's flow by PKCE (RFC 7636)."`
	AccessType             string                 `yaml:"accessType" doc:"The access_type of the authorization, such as offline."`
	AuthorizationURLParams config.Ordered[string] `yaml:"authorizationUrlParams" doc:"Further parameters of the authorization."`
	TokenURLParams         config.Ordered[string] `yaml:"tokenUrlParams" doc:"Further parameters of the request that trades a code."`
	RefreshTokenParams     config.Ordered[string] `yaml:"refreshTokenParams" doc:"Further parameters of the request that renews tokens."`
	AuthorizationHeaders   config.Ordered[string] `yaml:"authorizationHeaders" doc:"Headers of the requests to the token endpoint."`
	AccessTokenExpiresIn   config.Duration        `yaml:"accessTokenExpiresIn" min:"0" doc:"How long an access token lives where the provider does not say."`

	RequireIDTokenVerification bool `yaml:"requireIdTokenVerification" doc:"Whether the provider is there only while discovery gives the issuer and the keys to check ID tokens with."`
	DisableIDTokenNonceBinding bool `yaml:"disableIdTokenNonceBinding" doc:"Whether ID tokens need not repeat the nonce of the authorization."`
	AllowIdPInitiated          bool `yaml:"allowIdpInitiated" doc:"Whether a callback that nobody has asked for begins a sign-in."`

	MapProfileToUser map[string]string `yaml:"mapProfileToUser" doc:"Fields of the user by name, each with where its value stands in the provider's profile, such as given_name or address.country."`
	AccountSubject   string            `yaml:"accountSubject" doc:"Where the user's lasting id stands in the provider's profile; default is sub with OpenID Connect discovery and id without."`

	DisableImplicitSignUp    bool `yaml:"disableImplicitSignUp" doc:"Whether a user is made only where the request says requestSignUp."`
	DisableSignUp            bool `yaml:"disableSignUp" doc:"Whether only users who exist may sign in."`
	OverrideUserInfo         bool `yaml:"overrideUserInfo" doc:"Whether each sign-in writes the provider's name, image and address over the user's."`
	RequireEmailVerification bool `yaml:"requireEmailVerification" doc:"Whether users whose address the provider has not verified must verify it here before they are let in."`

	PostLogoutRedirectURI string `yaml:"postLogoutRedirectURI" doc:"Where the provider sends the browser after it has ended its session; relative to the base URL."`
	DisableProviderLogout bool   `yaml:"disableProviderLogout" doc:"Whether sign-out leaves the provider's session alone."`

	GetToken    config.Never `yaml:"getToken" instead:"name tokenUrl, and what else it needs by tokenUrlParams and authorizationHeaders"`
	GetUserInfo config.Never `yaml:"getUserInfo" instead:"name userInfoUrl, and map its fields by mapProfileToUser and accountSubject; presets have theirs"`
}

// TokenEndpointAuth is how the client proves itself at the token endpoint.
type TokenEndpointAuth struct {
	Method        string          `yaml:"method" enum:"client_secret_post,client_secret_basic,private_key_jwt,none" doc:"How the client proves itself at the token endpoint; default is by clientSecret as authentication says, and without a secret by its id alone."`
	PrivateKeyJWK config.Secret   `yaml:"privateKeyJwk" doc:"The private key of private_key_jwt (RFC 7523), as the JSON text of a JWK."`
	PrivateKeyPEM config.Secret   `yaml:"privateKeyPem" doc:"The same key as PKCS#8 in PEM."`
	KeyID         string          `yaml:"kid" doc:"The name of the key in the header of the assertion; default is the JWK's."`
	Algorithm     string          `yaml:"algorithm" enum:"RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA" doc:"The algorithm that signs; default is the JWK's alg, else RS256."`
	ExpiresIn     config.Duration `yaml:"expiresIn" default:"120" min:"1" max:"3600" doc:"How long an assertion counts."`

	GetClientAssertion config.Never `yaml:"getClientAssertion" instead:"give the key by privateKeyJwk or privateKeyPem"`
	CustomizeRequest   config.Never `yaml:"customizeRequest" instead:"choose a method, and give headers by authorizationHeaders"`
}
