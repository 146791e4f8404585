//go:build unix

// Package clienttest plays the stock better-auth client, a FastAPI service and a
// page in Chromium against a running server. The suites are the *.test.mjs files
// beside this one; this package only starts what they need.
package clienttest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// suiteTimeout ends a suite that hangs; each needs seconds.
const suiteTimeout = 3 * time.Minute

// accounts is what account.test.mjs needs beside the starter.
const accounts = `
user:
  changeEmail: {enabled: true, updateEmailWithoutVerification: true}
  deleteUser: {enabled: true}
  additionalFields: {nickname: {type: string, required: false}, plan: {type: string, input: false, defaultValue: free}}
session: {additionalFields: {theme: {type: string, required: false}}}
`

// proofOfAddress is the server of mail.test.mjs, links.test.mjs and
// two-factor.test.mjs.
const proofOfAddress = `
emailAndPassword: {enabled: true, requireEmailVerification: true, sendResetPassword: true, revokeSessionsOnPasswordReset: true}
emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}
user:
  changeEmail: {enabled: true, sendChangeEmailConfirmation: true}
  deleteUser: {enabled: true, sendDeleteAccountVerification: true}
session: {deferSessionRefresh: true, cookieCache: {enabled: true, strategy: jwe}}
rateLimit: {enabled: false}
plugins: {twoFactor: {otpOptions: {sendOTP: true}}}
`

// otherSites is the server of social.test.mjs.
const otherSites = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
socialProviders:
  gitlab: {clientId: gitlab-client, clientSecret: gitlab-client-secret}
  google: {clientId: google-client, clientSecret: google-client-secret}
plugins:
  oneTap: {}
  genericOAuth: {config: [{providerId: acme, discoveryUrl: "https://idp.test/.well-known/openid-configuration",
    clientId: acme-client, clientSecret: acme-client-secret, scopes: [openid, profile, email], pkce: true}]}
`

const webhookSecret = "whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZXNlIHRlc3Rz"

// The administrator of admin.test.mjs.
const adminEmail, adminPassword = "boss@example.test", "the password of the boss"

func TestStockClient(t *testing.T) {
	chromium := needs(t)
	suites, err := filepath.Glob("*.test.mjs")
	if err != nil || len(suites) == 0 {
		t.Fatalf("no suites found: %v", err)
	}
	page := "http://" + authtest.FreeAddress(t)
	inbox := "http://" + authtest.FreeAddress(t)
	trust := fmt.Sprintf("trustedOrigins: [%q]\n", page)
	s := authtest.New(t, strings.Replace(authtest.Starter, "bearer: {}", "bearer: {}, openAPI: {}, admin: {}, username: {}", 1)+accounts+trust)
	mailing := authtest.New(t, proofOfAddress+trust+fmt.Sprintf("messaging: {webhook: {url: %q, secret: %q}}\n", inbox, webhookSecret), authtest.Delivering())
	idp := idptest.New(t)
	social := authtest.New(t, otherSites+trust, authtest.Outbound(idp.Transport()))
	boss := s.Client()
	boss.Post("/sign-up/email", map[string]any{"name": "Boss", "email": adminEmail, "password": adminPassword}).Is(http.StatusOK)
	s.Exec(`update "user" set role = 'admin' where email = $1`, adminEmail)
	_, database, _ := strings.Cut(s.Database, "://")
	env := append(os.Environ(), "SALLYPORT_ADMIN_EMAIL="+adminEmail, "SALLYPORT_ADMIN_PASSWORD="+adminPassword,
		"SALLYPORT_API_DATABASE_URL=postgresql+psycopg://"+database, // beside the server's tables
		"SALLYPORT_BASE_URL="+s.URL, "SALLYPORT_PAGE_ORIGIN="+page, "CHROMIUM="+chromium,
		"SALLYPORT_SOCIAL_URL="+social.URL, "SALLYPORT_PROVIDER_URL="+idp.URL,
		"SALLYPORT_MAILING_URL="+mailing.URL, "SALLYPORT_MAILING_INBOX="+inbox, "SALLYPORT_MAILING_SECRET="+webhookSecret)
	for _, suite := range suites {
		t.Run(strings.TrimSuffix(suite, ".test.mjs"), func(t *testing.T) { run(t, env, suite) })
	}
}

// needs fails the test when something is missing that the suites run on, and
// finds the browser.
func needs(t *testing.T) (chromium string) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	_, errNode := os.Stat("node_modules")
	_, errPython := os.Stat("../examples/fastapi/.venv")
	for what, err := range map[string]error{"chromium": err, "node_modules": errNode, "web/examples/fastapi/.venv": errPython} {
		if err != nil {
			t.Fatalf("%s is missing: run `make test`, which installs what the tests of web/clienttest need", what)
		}
	}
	return chromium
}

// run runs one suite, and shows what it printed when it fails. Nothing that
// the suite started outlives it.
func run(t *testing.T, env []string, suite string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), suiteTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", suite)
	cmd.Env = env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that the children can be ended with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	output, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", suite, err, output)
	}
}
