package genericoauth

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// complete is a provider that starts.
const complete = "providerId: acme, clientId: c, authorizationUrl: 'https://idp.test/a', tokenUrl: 'https://idp.test/t'"

func TestMistakesStopTheStart(t *testing.T) {
	t.Parallel()
	for provider, want := range map[string]string{
		"clientId: c, authorizationUrl: 'https://a.test', tokenUrl: 'https://a.test'": "config[0] has no providerId",
		"providerId: acme": "config[0].clientId is missing",
		"providerId: a/b, clientId: c, discoveryUrl: 'https://a.test'":                                      "cannot stand in a path",
		"providerId: .., clientId: c, discoveryUrl: 'https://a.test'":                                       "cannot stand in a path",
		"providerId: credential, clientId: c, discoveryUrl: 'https://a.test'":                               "providerId of passwords",
		"providerId: acme, clientId: c":                                                                     "authorizationUrl is missing",
		"providerId: acme, clientId: c, authorizationUrl: 'https://a.test'":                                 "tokenUrl is missing",
		"providerId: acme, clientId: c, discoveryUrl: idp.test":                                             "discoveryUrl that is no address",
		"providerId: acme, clientId: c, discoveryUrl: 'file:///etc/passwd'":                                 "discoveryUrl that is no address",
		"providerId: acme, clientId: c, discoveryUrl: 'https://u:p@idp.test'":                               "discoveryUrl that is no address",
		complete + ", userInfoUrl: /me":                                                                     "userInfoUrl that is no address",
		complete + ", endSessionEndpoint: x":                                                                "endSessionEndpoint that is no address",
		complete + ", redirectURI: /back":                                                                   "redirectURI that is no absolute address",
		complete + ", postLogoutRedirectURI: ':'":                                                           "postLogoutRedirectURI that is no address",
		complete + ", discoveryHeaders: {a: b}":                                                             "discoveryHeaders without a discoveryUrl",
		complete + ", requireIdTokenVerification: true":                                                     "requireIdTokenVerification without a discoveryUrl",
		complete + ", disableIdTokenNonceBinding: true":                                                     "disableIdTokenNonceBinding without a discoveryUrl",
		complete + ", authentication: basic":                                                                "no clientSecret, which the authentication basic needs",
		complete + ", authentication: digest":                                                               "must be post or basic",
		complete + ", tokenEndpointAuth: {method: client_secret_basic}":                                     "no clientSecret, which the tokenEndpointAuth.method client_secret_basic needs",
		complete + ", clientSecret: s, tokenEndpointAuth: {method: none}":                                   "both a clientSecret and the tokenEndpointAuth.method none",
		complete + ", clientSecret: s, tokenEndpointAuth: {method: private_key_jwt, privateKeyPem: x}":      "both a clientSecret and the tokenEndpointAuth.method private_key_jwt",
		complete + ", tokenEndpointAuth: {method: private_key_jwt}":                                         "privateKeyJwk or privateKeyPem",
		complete + ", tokenEndpointAuth: {method: private_key_jwt, privateKeyPem: a, privateKeyJwk: b}":     "privateKeyJwk or privateKeyPem",
		complete + ", tokenEndpointAuth: {method: private_key_jwt, privateKeyPem: a}":                       "a key in tokenEndpointAuth that cannot be used",
		complete + ", tokenEndpointAuth: {method: custom}":                                                  "tokenEndpointAuth.method must be client_secret_post",
		complete + ", tokenEndpointAuth: {kid: a}":                                                          "only the method private_key_jwt uses",
		complete + ", tokenEndpointAuth: {method: none, getClientAssertion: x}":                             "give the key by privateKeyJwk or privateKeyPem",
		complete + ", authorizationUrlParams: {state: x}":                                                   "authorizationUrlParams.state",
		complete + ", tokenUrlParams: {code: x}":                                                            "tokenUrlParams.code",
		complete + ", tokenUrlParams: {client_secret: x}":                                                   "tokenUrlParams.client_secret",
		complete + ", refreshTokenParams: {grant_type: x}":                                                  "refreshTokenParams.grant_type",
		complete + ", authorizationHeaders: {'a b': x}":                                                     "authorizationHeaders that cannot be sent",
		`providerId: acme, clientId: c, discoveryUrl: 'https://a.test', discoveryHeaders: {a: "b\r\nc: d"}`: "discoveryHeaders that cannot be sent",
		complete + ", getUserInfo: x":                                                                       "map its fields by mapProfileToUser",
		complete + ", getToken: x":                                                                          "name tokenUrl",
		complete + ", domain: x":                                                                            "only the preset auth0 has",
		complete + ", tenantId: x":                                                                          "only the preset microsoftEntraId has",
		"preset: auth0, clientId: c":                                                                        "needs the domain",
		"preset: okta, clientId: c":                                                                         "needs the issuer",
		"preset: keycloak, clientId: c, issuer: realms":                                                     "needs the issuer",
		"preset: microsoftEntraId, clientId: c, tenantId: common":                                           "needs the tenantId of one tenant",
		"preset: github, clientId: c":                                                                       "preset must be auth0",
	} {
		var cfg struct {
			Plugin Config `yaml:"plugin"`
		}
		_, err := config.Load(&cfg, config.Source{Name: "test", Text: []byte("plugin: {config: [{" + provider + "}]}")})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\t%v, want %s", provider, err, want)
		}
	}
}

func TestProvidersThatStart(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{
		complete,
		complete + ", issuer: 'https://idp.test', clientSecret: s, authentication: basic",
		complete + ", redirectURI: 'com.acme.app:/back', postLogoutRedirectURI: /after",
		"preset: gumroad, clientId: c",
		"preset: gumroad, clientId: c, providerId: gum, scopes: [], tokenUrl: 'http://127.0.0.1/t'",
	} {
		if o, err := options([]byte("{" + provider + "}")); err != nil {
			t.Errorf("%s: %v", provider, err)
		} else if err := o.check(); err != nil {
			t.Errorf("%s: %v", provider, err)
		}
	}
}
