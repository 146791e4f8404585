package swap_test

import (
	"fmt"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// everything is a configuration under which a person can have all there is; %s
// are further options.
const everything = `{
	"baseURL": "http://auth.test", "rateLimit": {"enabled": false},
	"emailAndPassword": {"enabled": true, "sendResetPassword": true},
	"emailVerification": {"sendVerificationEmail": true},
	"plugins": {"jwt": {}, "username": {}, "twoFactor": {"issuer": "Acme"}}%s
}`

func configured(options string) string { return fmt.Sprintf(everything, options) }

// Databases that Better Auth's own migrator has made.
func TestDatabasesOfTheMigrator(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, err := oracle.NewHost(t.Context(), authtest.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	for _, s := range []shape{
		{name: "1.7.25", original: configured("")},
		{
			name: "1.7.1", version: "1.7.1", original: configured(""),
			plan: []string{"give account.issuer the default local:credential"},
		},
		{
			name: "1.6", version: "1.6", original: configured(""),
			plan: []string{"add column jwks.alg", "add column jwks.crv"},
		},
		{
			name: "1.4", version: "1.4", original: configured(""),
			plan: []string{
				"add column jwks.alg", "add column jwks.crv", "add column twoFactor.verified",
				"add column twoFactor.failedVerificationCount", "add column twoFactor.lockedUntil",
			},
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.tell(t, host)
		})
	}
}
