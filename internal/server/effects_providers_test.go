package server_test

// What only some providers know is tried with each of them, and that none is left
// out by TestEveryOptionOfAProviderIsTried.
func init() {
	for _, option := range []string{
		"environment", "loginUrl", "issuer", "duration", "claims", "lang", "pkce", "tokenEndpointAuth.method",
	} {
		proofs["socialProviders.<key>."+option] = "TestProvidersDoAsTheOriginals"
	}
}
