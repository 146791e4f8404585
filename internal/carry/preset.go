package carry

import (
	"slices"

	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
)

// withPreset writes a provider that a helper of Better Auth has made as the preset of that name, without what
// the preset gives. The script knows the helper by its way to ask for the profile; the addresses must be the
// preset's too, for an app may have changed what it got.
func withPreset(from *node) *node {
	ask := from.get("getUserInfo")
	helper := textOf(ask.get("helper"))
	if helper == "" || markOf(ask) != isFunction {
		return from
	}
	if discovered[helper] && from.get("discoveryUrl") != nil {
		return without(from, func(key string, _ *node) bool { return key == "getUserInfo" })
	}
	full, err := genericoauth.Provider{Preset: helper, TenantID: tenantOf(from)}.Written()
	if err != nil || textOf(from.get("authorizationUrl")) != full.AuthorizationURL || textOf(from.get("tokenUrl")) != full.TokenURL {
		return from
	}
	made := &node{kind: object}
	made.set("preset", newText(helper))
	if full.TenantID != "" {
		made.set("tenantId", newText(full.TenantID))
	}
	rest := without(from, func(key string, value *node) bool { return key == "getUserInfo" || gives(full, key, value) })
	made.keys, made.members = append(made.keys, rest.keys...), append(made.members, rest.members...)
	return made
}

// discovered are the helpers whose getUserInfo, which only 1.4 had, asks where the discovery document says.
var discovered = map[string]bool{"auth0": true, "keycloak": true, "okta": true}

// without gives an object without some members.
func without(from *node, out func(key string, value *node) bool) *node {
	made := &node{kind: object}
	for i, key := range from.keys {
		if !out(key, from.members[i]) {
			made.put(key, from.members[i])
		}
	}
	return made
}

var tenant = compiled(`^https://login\.microsoftonline\.com/([0-9a-f-]{36})/`)

// tenantOf gives the tenant in Microsoft's addresses; "" in others.
func tenantOf(from *node) string {
	if m := tenant().FindStringSubmatch(textOf(from.get("authorizationUrl"))); m != nil {
		return m[1]
	}
	return ""
}

// gives tells whether a preset gives an option the value that it has.
func gives(full genericoauth.Provider, key string, value *node) bool {
	switch key {
	case "scopes":
		return slices.Equal(value.texts(), full.Scopes)
	case "accountSubject":
		return textOf(value.get("subject")) == full.AccountSubject
	case "authentication":
		return value.text == "post" // the default
	case "requireIdTokenVerification":
		return full.RequireIDTokenVerification && value.text == "true"
	}
	given := map[string]string{
		"providerId": full.ProviderID, "discoveryUrl": full.DiscoveryURL, "userInfoUrl": full.UserInfoURL,
		"authorizationUrl": full.AuthorizationURL, "tokenUrl": full.TokenURL,
	}[key]
	return given != "" && value.kind == text && value.text == given
}

// textOf is the text of a node; "" where it has none.
func textOf(n *node) string {
	if n == nil || n.kind != text {
		return ""
	}
	return n.text
}
