package server_test

import (
	"maps"
	"net/http"
	"net/url"
)

func init() {
	maps.Copy(audited, map[string]string{"GET /oauth-popup/start": ""}) // the callback does
	visits = append(visits, func(v *visitor) {
		to := v.s.Client().Get("/oauth-popup/start?provider=github&popupOrigin=" + url.QueryEscape(v.s.Server.Auth.Origin)).Is(http.StatusFound).Header.Get("Location")
		address, err := url.Parse(to)
		if err != nil {
			v.t.Fatal(err)
		}
		v.secret(address.Query().Get("state"))
	})
}
