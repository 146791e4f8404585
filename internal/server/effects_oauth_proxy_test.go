package server_test

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"net/url"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.oAuthProxy.productionURL": "TestAPreviewAndItsProductionServer",
		"plugins.oAuthProxy.currentURL":    "TestAPreviewAndItsProductionServer",
		"plugins.oAuthProxy.secret":        "TestSecretsOfTheProxy",
		"plugins.oAuthProxy.maxAge":        "TestPayloadsGrowOld",
	})
	maps.Copy(audited, map[string]string{
		"GET /callback/{id}/oauth-proxy": "sign-in success, sign-up success",
		"GET /oauth-proxy-callback":      "sign-in success, sign-up success",
	})
	visits = append(visits, func(v *visitor) {
		for login, path := range map[string]string{"pia": "/callback/github/oauth-proxy", "pim": "/oauth-proxy-callback"} {
			for range 2 {
				v.proxied(path, login+".of.github", login+".audit@example.test")
			}
		}
	})
}

// proxied ends a flow with what a production server would send along.
func (v *visitor) proxied(path, login, email string) {
	c := v.s.Client()
	begun, _ := c.Post("/sign-in/social", map[string]any{"provider": "github", "callbackURL": "/home"}).Is(http.StatusOK).JSON()["url"].(string)
	address, err := url.Parse(begun)
	if err != nil {
		v.t.Fatal(err)
	}
	state := address.Query().Get("state")
	payload := fmt.Sprintf(`{"userInfo":{"id":%[1]q,"email":%[2]q,"name":"Name of %[1]s","emailVerified":true},"account":{"providerId":"github","accountId":%[1]q},"state":%[3]q,"callbackURL":"/home","timestamp":%[4]d}`,
		login, email, state, v.s.Clock.Now().UnixMilli())
	profile, err := v.s.Server.Auth.Secrets.Purpose("oauth-proxy-profile").Encrypt([]byte(payload), rand.Reader)
	if err != nil {
		v.t.Fatal(err)
	}
	c.Get(path + "?callbackURL=/home&profile=" + url.QueryEscape(profile)).Is(http.StatusFound)
	v.secret(state, profile, login, email)
}
