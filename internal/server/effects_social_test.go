package server_test

import "maps"

func init() {
	for _, option := range []string{
		"clientId", "clientSecret", "scope", "disableDefaultScope", "redirectURI", "authorizationEndpoint", "prompt",
		"mapProfileToUser", "disableIdTokenSignIn", "disableSignUp", "disableImplicitSignUp", "overrideUserInfoOnSignIn",
		"requireEmailVerification", "enabled", "clientKey",
	} {
		proofs["socialProviders.<key>."+option] = "TestOptionsOfAProvider"
	}
	maps.Copy(proofs, map[string]string{
		"server.outbound.allow": "TestOwnNetworksAreAskedOnlyWhereAllowed",
	})
}
