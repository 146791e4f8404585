package genericoauth_test

import (
	"fmt"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// discovered is a provider of the fake one, found by discovery.
const discovered = `providerId: acme, clientId: app, clientSecret: app-secret, discoveryUrl: "https://idp.test/.well-known/openid-configuration", scopes: [openid, profile, email]`

// with gives a server with one provider, and the provider.
func with(t *testing.T, provider, more string, options ...authtest.Option) (*authtest.Server, *idptest.Server) {
	t.Helper()
	idp := idptest.New(t)
	s := authtest.New(t, fmt.Sprintf("%splugins: {genericOAuth: {config: [{%s}]}}\n%s", plain, provider, more),
		append(options, authtest.Outbound(idp.Transport()))...)
	return s, idp
}

// plain is a configuration without plugins.
const plain = "emailAndPassword: {enabled: true}\n"
