package server_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// What could not work ends the start, as in the original.
func TestCookieCachesThatCannotBe(t *testing.T) {
	t.Parallel()
	const plugin = "plugins: {jwt: {sessionCookieCache: true}}\n"
	for options, want := range map[string]string{
		plugin: "plugins.jwt: sessionCookieCache: session.cookieCache.strategy must be jwt, not compact",
		plugin + "session: {cookieCache: {enabled: true, strategy: jwe}}\n": "strategy must be jwt, not jwe",
		"session: {cookieCache: {enabled: true, maxAge: 401d}}\n":           "Max-Age 34646400 is over 34560000 seconds (400 days)",
		plugin + "session: {cookieCache: {strategy: jwt}}\n":                "",
	} {
		err := authtest.Start(t, authtest.Config(t, "baseURL: https://auth.test\n"+options))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\n got %v\nwant %s", options, err, want)
		}
	}
}
