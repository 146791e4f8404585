package genericoauth

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// preset is what is known of a provider.
//
// Source: the folder generic-oauth/providers of better-auth.
type preset struct {
	// options are its addresses and scopes.
	options Provider
	// tenant gives what depends on the operator's own options; nil for nothing.
	tenant func(*Provider) error
	// profile asks who a user is; nil as for any provider.
	profile func(context.Context, *client, *oauth.Tokens) (api.Object, error)
	// subject is where the lasting id stands in that profile.
	subject string
}

var oidcScopes = []string{"openid", "profile", "email"}

// presets are the providers that are known, by name.
var presets = map[string]*preset{
	"auth0":    {options: Provider{ProviderID: "auth0", Scopes: oidcScopes}, tenant: auth0Tenant},
	"keycloak": {options: Provider{ProviderID: "keycloak", Scopes: oidcScopes}, tenant: issuerTenant},
	"okta":     {options: Provider{ProviderID: "okta", Scopes: oidcScopes}, tenant: issuerTenant},
	"gumroad": {
		options: Provider{
			ProviderID: "gumroad", Scopes: []string{"view_profile"},
			AuthorizationURL: "https://gumroad.com/oauth/authorize", TokenURL: "https://api.gumroad.com/oauth/token",
		},
		profile: gumroad, subject: "id",
	},
	"hubspot": {
		options: Provider{
			ProviderID: "hubspot", Scopes: []string{"oauth"},
			AuthorizationURL: "https://app.hubspot.com/oauth/authorize", TokenURL: "https://api.hubapi.com/oauth/v1/token",
		},
		profile: hubspot, subject: "id",
	},
	"line": {
		options: Provider{
			ProviderID: "line", Scopes: oidcScopes,
			AuthorizationURL: "https://access.line.me/oauth2/v2.1/authorize",
			TokenURL:         "https://api.line.me/oauth2/v2.1/token", UserInfoURL: "https://api.line.me/oauth2/v2.1/userinfo",
		},
		profile: line, subject: "sub",
	},
	"microsoftEntraId": {
		options: Provider{
			ProviderID: "microsoft-entra-id", Scopes: oidcScopes,
			UserInfoURL: "https://graph.microsoft.com/oidc/userinfo", RequireIDTokenVerification: true,
		},
		tenant: microsoftTenant, profile: microsoft, subject: "oid",
	},
	"patreon": {
		options: Provider{
			ProviderID: "patreon", Scopes: []string{"identity[email]"},
			AuthorizationURL: "https://www.patreon.com/oauth2/authorize", TokenURL: "https://www.patreon.com/api/oauth2/token",
		},
		profile: patreon, subject: "id",
	},
	"slack": {
		options: Provider{
			ProviderID: "slack", Scopes: oidcScopes,
			AuthorizationURL: "https://slack.com/openid/connect/authorize",
			TokenURL:         "https://slack.com/api/openid.connect.token", UserInfoURL: "https://slack.com/api/openid.connect.userInfo",
		},
		profile: slack, subject: "sub",
	},
	"yandex": {
		options: Provider{
			ProviderID: "yandex", Scopes: []string{"login:info", "login:email", "login:avatar"},
			AuthorizationURL: "https://oauth.yandex.com/authorize", TokenURL: "https://oauth.yandex.com/token",
		},
		profile: yandex, subject: "id",
	},
}

// Written gives the options with those that the preset gives written out.
func (p Provider) Written() (Provider, error) {
	err := p.settle()
	return p, err
}

// settle fills in what the preset gives and the options leave open.
func (p *Provider) settle() error {
	if p.PKCE == nil {
		on := true
		p.PKCE = &on
	}
	switch {
	case p.Preset != "auth0" && p.Domain != "":
		return errors.New("has a domain, which only the preset auth0 has")
	case p.Preset != "microsoftEntraId" && p.TenantID != "":
		return errors.New("has a tenantId, which only the preset microsoftEntraId has")
	}
	known := presets[p.Preset]
	if known == nil {
		return nil
	}
	given := &known.options
	p.ProviderID = cmp.Or(p.ProviderID, given.ProviderID)
	if p.Scopes == nil {
		p.Scopes = given.Scopes
	}
	p.AuthorizationURL = cmp.Or(p.AuthorizationURL, given.AuthorizationURL)
	p.TokenURL = cmp.Or(p.TokenURL, given.TokenURL)
	p.UserInfoURL = cmp.Or(p.UserInfoURL, given.UserInfoURL)
	p.AccountSubject = cmp.Or(p.AccountSubject, known.subject)
	p.RequireIDTokenVerification = p.RequireIDTokenVerification || given.RequireIDTokenVerification
	if known.tenant != nil {
		return known.tenant(p)
	}
	return nil
}

const discoveryPath = "/.well-known/openid-configuration"

func auth0Tenant(p *Provider) error {
	domain := p.Domain
	if !strings.HasPrefix(domain, "http://") && !strings.HasPrefix(domain, "https://") {
		domain = "https://" + domain
	}
	u, err := url.Parse(domain)
	if err != nil || u.Host == "" {
		return errors.New("needs the domain of the tenant, such as dev-xxx.eu.auth0.com")
	}
	p.DiscoveryURL = cmp.Or(p.DiscoveryURL, "https://"+strings.ToLower(u.Host)+discoveryPath)
	return nil
}

func issuerTenant(p *Provider) error {
	if !isWeb(p.Issuer) {
		return errors.New("needs the issuer of the tenant, an address that begins with https://")
	}
	p.DiscoveryURL = cmp.Or(p.DiscoveryURL, strings.TrimSuffix(p.Issuer, "/")+discoveryPath)
	return nil
}

var guid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func microsoftTenant(p *Provider) error {
	tenant := strings.ToLower(p.TenantID)
	if !guid.MatchString(tenant) {
		return errors.New("needs the tenantId of one tenant, a GUID; common, organizations and consumers are for socialProviders.microsoft")
	}
	base := "https://login.microsoftonline.com/" + tenant
	p.AuthorizationURL = cmp.Or(p.AuthorizationURL, base+"/oauth2/v2.0/authorize")
	p.TokenURL = cmp.Or(p.TokenURL, base+"/oauth2/v2.0/token")
	p.DiscoveryURL = cmp.Or(p.DiscoveryURL, base+"/v2.0"+discoveryPath)
	return nil
}
