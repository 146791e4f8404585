package server_test

import (
	"maps"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.oneTap.clientId":      "TestWhoseTokensCount",
		"plugins.oneTap.disableSignup": "TestWhoMayTap",
	})
	maps.Copy(audited, map[string]string{
		"POST /one-tap/callback": "sign-in success, sign-up success",
	})
	visits = append(visits, func(v *visitor) {
		token, err := v.idp.SignIDToken("google", "app", "", idptest.Script{})
		if err != nil {
			v.t.Fatal(err)
		}
		for range 2 {
			v.s.Client().Post("/one-tap/callback", map[string]any{"idToken": token}).Is(http.StatusOK)
		}
		v.s.Client().Post("/one-tap/callback", map[string]any{"idToken": token[:len(token)-9]}).Is(http.StatusBadRequest)
		v.secret(token, "odalys.finch@mail.test", "110169484474386276334")
	})
}
