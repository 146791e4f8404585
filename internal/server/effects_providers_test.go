package server_test

// What only some providers know is tried with each of them, and that none is left
// out by TestEveryOptionOfAProviderIsTried.
func init() {
	for _, option := range []string{
		"environment", "loginUrl", "issuer", "duration", "claims", "lang", "pkce", "tokenEndpointAuth.method",
		"tokenEndpointAuthMethod", "audience", "appBundleIdentifier", "domain", "region", "userPoolId", "requireClientSecret",
		"identityProvider", "permissions", "accessType", "fields", "configId", "display", "hd", "includeGrantedScopes",
		"tenantId", "authority", "profilePhotoSize", "disableProfilePhoto",
	} {
		proofs["socialProviders.<key>."+option] = "TestProvidersDoAsTheOriginals"
	}
	for _, option := range []string{"teamId", "keyId", "privateKey"} {
		proofs["socialProviders.<key>."+option] = "TestAppleSecretsAreSignedAndRenewed"
	}
}
