package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

func init() {
	for proof, options := range map[string][]string{
		"TestOptionsOfAProvider": {
			"clientId", "clientSecret", "scope", "disableDefaultScope", "redirectURI", "authorizationEndpoint", "prompt", "enabled",
		},
		"TestWhoMayBecomeAUser":                           {"disableSignUp", "disableImplicitSignUp"},
		"TestFieldsOfTheProfile":                          {"mapProfileToUser", "overrideUserInfoOnSignIn"},
		"TestAnAddressMustBeProvenWhereTheProviderHasNot": {"requireEmailVerification"},
	} {
		for _, option := range options {
			proofs["socialProviders.<key>."+option] = proof
		}
	}
	maps.Copy(proofs, map[string]string{
		"socialProviders.<key>.clientKey":                  "TestProvidersDoAsTheOriginals",
		"socialProviders.<key>.disableIdTokenSignIn":       "TestSignInWithAnIDToken",
		"server.outbound.allow":                            "TestOwnNetworksAreAskedOnlyWhereAllowed",
		"account.updateAccountOnSignIn":                    "TestTokensOfASignIn",
		"account.storeStateStrategy":                       "TestWhereAStateIsKept",
		"account.skipStateCookieCheck":                     "TestWhereAStateIsKept",
		"account.accountLinking.enabled":                   "TestOptionsOfAccounts",
		"account.accountLinking.disableImplicitLinking":    "TestOptionsOfAccounts",
		"account.accountLinking.requireLocalEmailVerified": "TestOptionsOfAccounts",
		"account.accountLinking.trustedProviders":          "TestOptionsOfAccounts",
		"account.accountLinking.allowDifferentEmails":      "TestLinkingAsked",
		"account.accountLinking.updateUserInfoOnLink":      "TestALinkedAccount",
	})
	maps.Copy(audited, map[string]string{
		"POST /sign-in/social": "",
		"GET /callback/{id}":   "account-linked success, email-verified success, sign-in success, sign-up success",
		"POST /callback/{id}":  "account-linked success, email-verified success, sign-in success, sign-up success",
		"POST /link-social":    "",
	})
	visits = append(visits, (*visitor).providers)
}

// providers goes through the flows of a provider.
func (v *visitor) providers() {
	flow := func(p *person, path, login string) {
		v.t.Helper()
		body := map[string]any{"provider": "github", "callbackURL": "/home"}
		address, _ := p.Post(path, body).Is(http.StatusOK).JSON()["url"].(string)
		script := idptest.Script{
			Profile: json.RawMessage(`{"id":"` + login + `","login":"` + login + `","name":"Name of ` + login + `"}`),
			Answer:  json.RawMessage(`{"access_token":"access-of-` + login + `","refresh_token":"refresh-of-` + login + `"}`),
			Pages: map[string]json.RawMessage{
				"GET https://api.github.com/user/emails": json.RawMessage(`[{"email":"` + p.email + `","verified":true,"primary":true}]`),
			},
		}
		landing, err := v.idp.Browse(v.t.Context(), address, script)
		if err != nil {
			v.t.Fatal(err)
		}
		_, back, _ := strings.Cut(landing.Address, "/api/auth")
		if to := p.Get(back).Is(http.StatusFound).Header.Get("Location"); to != "/home" {
			v.t.Errorf("%s of %s sends the browser to %s", path, login, to)
		}
		v.secret(p.email, login, "access-of-"+login, "refresh-of-"+login, p.Cookie("session_token"))
		for name := range strings.SplitSeq(back[strings.Index(back, "?")+1:], "&") {
			_, value, _ := strings.Cut(name, "=")
			v.secret(value)
		}
	}
	mona := &person{Client: v.s.Client(), email: "mona.audit@example.test"}
	flow(mona, "/sign-in/social", "mona.of.github")
	flow(&person{Client: v.s.Client(), email: mona.email}, "/sign-in/social", "mona.of.github")
	nils := v.signUp("nils.audit@example.test")
	flow(nils, "/link-social", "nils.of.github")
	flow(&person{Client: v.s.Client(), email: nils.email}, "/sign-in/social", "nils.of.github")
}
