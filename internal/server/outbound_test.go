package server_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// discovered has two providers that are asked for their documents at the start: one
// that has none, and one that has.
const discovered = `
rateLimit: {enabled: false}
plugins:
  genericOAuth:
    config:
    - {providerId: none, clientId: app, clientSecret: app-secret, discoveryUrl: "https://nobody.test/.well-known/openid-configuration"}
    - {providerId: idp, clientId: app, clientSecret: app-secret, discoveryUrl: "https://idp.test/.well-known/openid-configuration"}
`

// What the server asks of providers is counted by host and outcome.
func TestRequestsToProvidersAreCounted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, discovered, authtest.Outbound(idptest.New(t).Transport()))
	for host, outcome := range map[string]string{"nobody.test": "refused", "idp.test": "answered"} {
		counter := server.OutboundRequests(s.Server, host, outcome)
		for end := time.Now().Add(10 * time.Second); testutil.ToFloat64(counter) == 0 && time.Now().Before(end); {
			time.Sleep(10 * time.Millisecond)
		}
		if n := testutil.ToFloat64(counter); n != 1 {
			t.Errorf("%s: %v requests were %s", host, n, outcome)
		}
	}
}

// However many hosts others name, the number of time series has an end.
func TestHostsThatAreAskedHaveFewLabels(t *testing.T) {
	t.Parallel()
	label := server.HostLabels()
	for i := range 10_000 {
		host := fmt.Sprintf("host-%d.test", i)
		want := host
		if i >= 100 {
			want = "other"
		}
		if got := label(host); got != want {
			t.Fatalf("%s is counted as %s", host, got)
		}
	}
	if got := label("host-7.test"); got != "host-7.test" {
		t.Errorf("a host of before is counted as %s", got)
	}
}
