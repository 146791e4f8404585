//go:build unix

package clienttest

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// deployment is what deployment.test.mjs knows of one: the origins as browsers see them, and where the server really is.
type deployment struct {
	App    string `json:"app"`
	Auth   string `json:"auth"`
	Server string `json:"server"`
}

// As docs/deployment.md has them: what shares cookies among sub-domains, and what makes them cross sites.
const (
	sharing     = "crossSubDomainCookies: {enabled: true, domain: example.com}"
	partitioned = "defaultCookieAttributes: {sameSite: none, secure: true, partitioned: true}"
)

// TestDeployments plays the configurations of docs/deployment.md, and others that do not work, as the page says.
func TestDeployments(t *testing.T) {
	chromium := needs(t)
	page := deploymentPage(t)
	one, sub, unrelated := page["One domain"], page["Sub-domains"], page["Unrelated domains"]
	httpApp := change(t, sub, "trustedOrigins: [https:", "trustedOrigins: [http:")
	httpServer := change(t, sub, "baseURL: https:", "baseURL: http:")
	deployments := map[string]deployment{}
	for name, configuration := range map[string]string{
		"one domain":                          one,
		"sub-domains":                         sub,
		"sub-domains, nothing shared":         change(t, sub, sharing, ""),
		"sub-domains, a public suffix shared": change(t, sub, "example.com", "github.io"),
		"unrelated domains":                   unrelated,
		"unrelated domains, not partitioned":  change(t, unrelated, ", partitioned: true", ""),
		"unrelated domains, Lax":              change(t, unrelated, partitioned, ""),
		"a page on http":                      httpApp,
		"a page on https, the server on http": httpServer,
		"Secure cookies on http":              change(t, change(t, sub, "https:", "http:"), sharing, "useSecureCookies: true"),
		"not trusted":                         sub,
	} {
		deployments[name] = deploy(t, configuration, name != "not trusted")
	}
	front := withPort(t, baseURL, one)
	deployments["one domain, another base URL"] = deployment{App: front, Auth: front, Server: authtest.New(t, authtest.Starter).URL}
	pair := authtest.NewPair(t, "example.com")
	input, err := json.Marshal(map[string]any{"deployments": deployments, "cert": pair.Cert, "key": pair.Key})
	if err != nil {
		t.Fatal(err)
	}
	run(t, append(os.Environ(), "SALLYPORT_DEPLOYMENTS="+string(input), "CHROMIUM="+chromium), "deployment.test.mjs")
}

// deploymentPage gives the configurations of the page by their headings.
func deploymentPage(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/deployment.md")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for section := range strings.SplitSeq(string(page), "\n## ") {
		heading, text, _ := strings.Cut(section, "\n")
		_, text, _ = strings.Cut(text, "```yaml\n# sallyport.yaml\n")
		found[heading], _, _ = strings.Cut(text, "```")
	}
	return found
}

// change replaces a part of a configuration, which must be there.
func change(t *testing.T, configuration, part, by string) string {
	t.Helper()
	if !strings.Contains(configuration, part) {
		t.Fatalf("there is no %q in:\n%s", part, configuration)
	}
	return strings.ReplaceAll(configuration, part, by)
}

// The options that hold an origin, as the page writes them.
var (
	baseURL        = regexp.MustCompile(`(?m)^baseURL: (\S+)`)
	trustedOrigins = regexp.MustCompile(`(?m)^trustedOrigins: \[(.+)\]`)
)

// deploy starts the server of a configuration, whose origins get ports of this machine.
func deploy(t *testing.T, configuration string, trusting bool) deployment {
	t.Helper()
	d := deployment{Auth: withPort(t, baseURL, configuration)}
	d.App = d.Auth
	configuration = baseURL.ReplaceAllLiteralString(configuration, "baseURL: "+d.Auth)
	if trustedOrigins.MatchString(configuration) {
		d.App = withPort(t, trustedOrigins, configuration)
		trusted := "trustedOrigins: []"
		if trusting {
			trusted = fmt.Sprintf("trustedOrigins: [%q]", d.App)
		}
		configuration = trustedOrigins.ReplaceAllLiteralString(configuration, trusted)
	}
	d.Server = authtest.New(t, authtest.Starter+configuration).URL
	return d
}

// withPort gives the origin in an option with a free port.
func withPort(t *testing.T, option *regexp.Regexp, configuration string) string {
	t.Helper()
	found := option.FindStringSubmatch(configuration)
	if found == nil {
		t.Fatalf("there is no %s in:\n%s", option, configuration)
	}
	_, port, err := net.SplitHostPort(authtest.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	return found[1] + ":" + port
}
