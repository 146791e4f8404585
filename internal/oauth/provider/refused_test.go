package provider_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
)

// TestOptionsThatAProviderDoesNotHeedAreRefused names the option in each error.
func TestOptionsThatAProviderDoesNotHeedAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ id, options, want string }{
		{"nowhere", `{}`, "no provider nowhere"},
		{"spotify", `{"clientSecret": "s"}`, "clientId"},
		{"spotify", `{"clientId": [], "clientSecret": "s"}`, "clientId"},
		{"spotify", `{"clientId": "i", "prompt": "consent"}`, "prompt"},
		{"spotify", `{"clientId": "i", "duration": "permanent"}`, "duration"},
		{"spotify", `{"clientId": "i", "clientKey": "k"}`, "clientKey"},
		{"spotify", `{"clientId": "i", "pkce": true}`, "pkce"},
		{"spotify", `{"clientId": "i", "tokenEndpointAuth": {"method": "none"}}`, "tokenEndpointAuth"},
		{"paybin", `{"clientId": "i"}`, "clientSecret"},
		{"paypal", `{"clientId": "i", "clientSecret": "s", "environment": "production"}`, "environment"},
		{"paypal", `{"clientId": "i", "clientSecret": "s", "scope": ["email"]}`, "scope"},
		{"salesforce", `{"clientId": "i", "clientSecret": "s", "environment": "live"}`, "environment"},
		{"salesforce", `{"clientId": "i", "clientSecret": "s", "loginUrl": "https://acme.test"}`, "loginUrl"},
		{"salesforce", `{"clientId": "i", "clientSecret": "s", "loginUrl": "acme.test/x"}`, "loginUrl"},
		{"salesforce", `{"clientId": "i", "clientSecret": "s", "loginUrl": "user@acme.test"}`, "loginUrl"},
		{"tiktok", `{"clientSecret": "s"}`, "clientKey"},
		{"tiktok", `{"clientKey": "k"}`, "clientSecret"},
		{"tiktok", `{"clientId": "i", "clientKey": "k", "clientSecret": "s"}`, "clientId"},
		{"vercel", `{"clientId": "i", "clientSecret": "s", "tokenEndpointAuth": {"method": "none"}}`, "tokenEndpointAuth"},
		{"vk", `{"clientId": ["i", "j"], "clientSecret": "s"}`, "clientId"},
		{"wechat", `{"clientId": ["i", "j"], "clientSecret": "s"}`, "clientId"},
		{"zoom", `{"clientId": "i", "scope": ["user:read"]}`, "scope"},
	} {
		var o oauth.Options
		if _, err := config.Load(&o, config.Source{Name: "options", Text: []byte(c.options)}); err != nil {
			t.Fatalf("%s: %v", c.options, err)
		}
		if _, err := provider.New(c.id, o, provider.Deps{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %s: %v, want something of %s", c.id, c.options, err, c.want)
		}
	}
}
