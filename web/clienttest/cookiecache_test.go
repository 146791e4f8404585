//go:build unix

package clienttest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// cacheServer is what cookie-cache.test.mjs knows of a server.
type cacheServer struct {
	URL      string `json:"url"`
	Strategy string `json:"strategy"`
	Secret   string `json:"secret"`
	Prefix   string `json:"cookiePrefix,omitempty"`
	Secure   bool   `json:"isSecure"`
	Version  string `json:"version,omitempty"`
	JWKS     bool   `json:"jwks,omitempty"`

	configuration string
}

// cacheServers have a cookie cache in each form, under plain and other names.
var cacheServers = []cacheServer{
	{Strategy: "compact", configuration: "session: {cookieCache: {enabled: true}}\n"},
	{Strategy: "jwt", configuration: "session: {cookieCache: {enabled: true, strategy: jwt}}\n"},
	{Strategy: "jwe", configuration: "session: {cookieCache: {enabled: true, strategy: jwe}}\n"},
	{Strategy: "compact", Prefix: "acme", Secure: true, Version: "two", configuration: "session: {cookieCache: {enabled: true, version: two}}\nadvanced: {cookiePrefix: acme, useSecureCookies: true}\n"},
	{Strategy: "jwt", JWKS: true, configuration: "session: {cookieCache: {enabled: true, strategy: jwt}}\nplugins: {jwt: {sessionCookieCache: true}}\n"},
}

func TestCookieCacheInMiddleware(t *testing.T) {
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("node_modules is missing: run `make test`, which installs it")
	}
	for i := range cacheServers {
		s := &cacheServers[i]
		s.URL = authtest.New(t, "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\n"+s.configuration).URL
		s.Secret = authtest.Secret
	}
	list, err := json.Marshal(cacheServers)
	if err != nil {
		t.Fatal(err)
	}
	run(t, append(os.Environ(), "SALLYPORT_CACHES="+string(list)), "cookie-cache.test.mjs")
}
