package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// appFindings gives what check says of an app, a line each.
func appFindings(t *testing.T, configuration, app string) []string {
	t.Helper()
	cfg := parse(t, configuration)
	if err := Complete(cfg, Production); err != nil {
		t.Fatal(err)
	}
	k := &checker{cfg: cfg}
	k.checkApp(app)
	var lines []string
	for _, f := range k.findings {
		lines = append(lines, fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.Text))
	}
	return lines
}

const appServer = `
secret: a-secret-for-tests-0123456789-ABCDEFGHIJ
messaging: {webhook: {url: "https://mail.example.com", secret: "whsec_bm9ib2R5IGlzIGF0IHRoZSBlbmQgb2YgdGhpcw=="}}
plugins: {jwt: {}}
`

const (
	sharedLine      = "sallyport.yaml: advanced: {crossSubDomainCookies: {enabled: true, domain: %s}}"
	partitionedLine = "sallyport.yaml: advanced: {defaultCookieAttributes: {sameSite: none, secure: true, partitioned: true}}  # where advanced is there already, under it"
	sessionCookie   = "__Secure-better-auth.session_token"
)

func TestCheckTellsWhatAnAppNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, configuration, app string
		want                     []string
	}{
		{"one origin", "baseURL: https://app.example.com", "https://app.example.com", []string{
			"ok app: one origin: ", "ok trustedOrigins: ", "ok cookies: calls from pages of the app carry " + sessionCookie, "ok app server: gets " + sessionCookie,
			"ok app settings: NEXT_PUBLIC_AUTH_URL is not set", "ok api settings: AUTH_ISSUER=https://app.example.com AUTH_AUDIENCE=https://app.example.com AUTH_ALGORITHMS=EdDSA APP_ORIGINS=https://app.example.com",
			"ok api settings: the key set is https://app.example.com/api/auth/jwks",
		}},
		{"one host", "baseURL: http://localhost:8080\ntrustedOrigins: ['http://localhost:3000']", "http://localhost:3000", []string{
			"ok app: one host: ", "ok trustedOrigins: ", "ok cookies: calls from pages of the app carry better-auth.session_token", "ok app server: gets ",
			"ok app settings: NEXT_PUBLIC_AUTH_URL=http://localhost:8080", "ok app settings: callbackURL", "ok api settings: ", "ok api settings: ",
		}},
		{"one site, not trusted", "baseURL: https://auth.example.com\ntrustedOrigins: ['https://*.example.org']", "https://app.example.com", []string{
			"ok app: one site: https://app.example.com and https://auth.example.com share example.com",
			"error trustedOrigins: https://app.example.com is not trusted", `error sallyport.yaml: trustedOrigins: ["https://*.example.org","https://app.example.com"]`,
			"ok cookies: ", "warning app server: the app's own server does not get ", "warning " + fmt.Sprintf(sharedLine, "example.com"),
			"ok app settings: NEXT_PUBLIC_AUTH_URL=https://auth.example.com", "ok app settings: ", "ok api settings: ", "ok api settings: ",
		}},
		{"a site below another", "baseURL: https://auth.eu.example.co.uk\ntrustedOrigins: ['https://app.eu.example.co.uk']", "https://app.eu.example.co.uk", []string{
			"ok app: one site: ", "ok trustedOrigins: ", "ok cookies: ", "warning app server: ", "warning " + fmt.Sprintf(sharedLine, "eu.example.co.uk"), "", "", "", "",
		}},
		{"shared with another domain", "baseURL: https://auth.example.com\ntrustedOrigins: ['https://www.example.com']\nadvanced: {crossSubDomainCookies: {enabled: true}}", "https://www.example.com", []string{
			"ok app: one site: ", "ok trustedOrigins: ", "ok cookies: ", "warning app server: ", "warning " + fmt.Sprintf(sharedLine, "example.com"), "", "", "", "",
		}},
		{"shared with a public suffix", "baseURL: https://auth.example.co.uk\ntrustedOrigins: ['https://app.example.co.uk']\nadvanced: {crossSubDomainCookies: {enabled: true, domain: co.uk}}", "https://app.example.co.uk", []string{
			"ok app: one site: ", "ok trustedOrigins: ", "error cookies: " + sessionCookie + " is for co.uk, under which everybody", "error " + fmt.Sprintf(sharedLine, "example.co.uk"), "", "", "", "",
		}},
		{"shared with a domain elsewhere", "baseURL: https://auth.example.com\ntrustedOrigins: ['https://app.example.com']\nadvanced: {crossSubDomainCookies: {enabled: true, domain: example.org}}", "https://app.example.com", []string{
			"ok app: one site: ", "ok trustedOrigins: ", "error cookies: " + sessionCookie + " is for example.org, where auth.example.com is not", "error " + fmt.Sprintf(sharedLine, "example.com"), "", "", "", "",
		}},
		{"different sites", "baseURL: https://auth.example.net\ntrustedOrigins: ['https://app.example.com']", "https://app.example.com", []string{
			"ok app: different sites: ", "ok trustedOrigins: ", "error cookies: calls from pages of the app do not carry " + sessionCookie + " (SameSite=lax)", "error " + partitionedLine,
			"warning app server: ", "", "", "", "",
		}},
		{"different sites, not partitioned", "baseURL: https://auth.example.net\ntrustedOrigins: ['https://app.example.com']\nadvanced: {defaultCookieAttributes: {sameSite: None}}", "https://app.example.com", []string{
			"ok app: different sites: ", "ok trustedOrigins: ", "warning cookies: browsers without third-party cookies", "warning " + partitionedLine, "warning app server: ", "", "", "", "",
		}},
		{"users of a public suffix", "baseURL: https://b.github.io\ntrustedOrigins: ['https://a.github.io']", "https://a.github.io", []string{
			"ok app: different sites: ", "", "error cookies: ", "", "", "", "", "", "",
		}},
		{"addresses", "baseURL: http://10.0.0.1:8080\ntrustedOrigins: ['http://192.168.0.1:3000']", "http://192.168.0.1:3000", []string{
			"ok app: different sites: ", "", "warning cookies: http://192.168.0.1:3000 is on http", "error cookies: ", "", "", "", "", "", "",
		}},
		{"a page on https", "baseURL: http://auth.example.com\ntrustedOrigins: ['https://app.example.com']", "https://app.example.com", []string{
			"ok app: different sites: ", "", "error cookies: a page on https cannot call http://auth.example.com", "", "", "", "",
		}},
		{"a page on http", "baseURL: https://auth.example.com\ntrustedOrigins: ['http://app.example.com']", "http://app.example.com", []string{
			"ok app: different sites: ", "", "error cookies: a page on http is another site than https://auth.example.com", "", "", "", "",
		}},
		{"Secure cookies on http", "baseURL: http://auth.example.com\ntrustedOrigins: ['http://app.example.com']\nadvanced: {useSecureCookies: true}", "http://app.example.com", []string{
			"ok app: one site: ", "", "error cookies: " + sessionCookie + " is Secure", "", "", "", "",
		}},
		{"Secure cookies on localhost", "baseURL: http://localhost:8080\ntrustedOrigins: ['http://localhost:3000']\nadvanced: {useSecureCookies: true}", "http://localhost:3000", []string{
			"ok app: one host: ", "", "ok cookies: ", "ok app server: ", "", "", "", "",
		}},
		{"Secure cookies to a page on http", "baseURL: https://app.example.com\ntrustedOrigins: ['http://app.example.com']\nadvanced: {defaultCookieAttributes: {sameSite: none, partitioned: true}}", "http://app.example.com", []string{
			"ok app: different sites: ", "", "warning cookies: http://app.example.com is on http", "warning cookies: ", "warning app server: the app's own server does not get " + sessionCookie, "", "", "", "",
		}},
		{"everything on http", "baseURL: http://auth.example.com\ntrustedOrigins: ['http://app.example.com']", "http://app.example.com", []string{
			"ok app: one site: ", "", "warning cookies: http://app.example.com is on http", "ok cookies: ", "", "", "", "", "", "",
		}},
		{"another path", "baseURL: https://auth.example.com/id\ntrustedOrigins: ['https://app.example.com']", "https://app.example.com", []string{
			"", "", "", "", "", "ok app settings: NEXT_PUBLIC_AUTH_URL=https://auth.example.com/id", "", "", "ok api settings: the key set is https://auth.example.com/id/jwks",
		}},
	} {
		got := appFindings(t, appServer+c.configuration, c.app)
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// The claims of tokens are told as the configuration has them.
func TestCheckTellsWhatAPIsVerify(t *testing.T) {
	t.Parallel()
	got := appFindings(t, strings.Replace(appServer, "jwt: {}", "jwt: {jwt: {issuer: 'https://id.example.com', audience: [one, two]}, jwks: {jwksPath: /keys, keyPairConfig: {alg: ES256}}}", 1)+
		"baseURL: https://app.example.com", "https://app.example.com")
	want := []string{
		"ok api settings: AUTH_ISSUER=https://id.example.com AUTH_AUDIENCE=one or two AUTH_ALGORITHMS=ES256 APP_ORIGINS=https://app.example.com",
		"ok api settings: the key set is https://app.example.com/api/auth/keys; AUTH_URL=https://app.example.com, or another address at which the API reaches this server",
	}
	if !slices.Equal(got[len(got)-2:], want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

// Whoever adds the lines that check prints has nothing more to add.
func TestCheckIsContentWithItsOwnSettings(t *testing.T) {
	t.Parallel()
	for server, app := range map[string]string{
		"https://app.example.com":      "https://app.example.com",
		"http://localhost:8080":        "http://localhost:3000",
		"https://auth.example.com":     "https://app.example.com",
		"https://auth.eu.example.com":  "https://example.com",
		"https://auth.example.com:444": "https://auth.example.com",
		"https://auth.example.net":     "https://app.example.com",
		"https://b.github.io":          "https://a.github.io",
		"https://[2001:db8::1]:8443":   "https://[2001:db8::2]",
	} {
		configuration := appServer + "baseURL: '" + server + "'\n"
		for _, line := range settings(appFindings(t, configuration, app)) {
			configuration += line + "\n"
		}
		again := appFindings(t, configuration, app)
		if more := settings(again); len(more) > 0 {
			t.Errorf("%s for %s still wants %q", server, app, more)
		}
		for _, line := range again {
			if strings.HasPrefix(line, "error ") {
				t.Errorf("%s for %s: %s", server, app, line)
			}
		}
	}
}

// settings are the lines for sallyport.yaml among findings.
func settings(findings []string) []string {
	var lines []string
	for _, f := range findings {
		if _, line, found := strings.Cut(f, " sallyport.yaml: "); found {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestCheckRefusesWhatIsNoOrigin(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"app.example.com":                 `"app.example.com" is no origin: write it as https://app.example.com`,
		"localhost:3000":                  `"localhost:3000" is no origin: `,
		"https://":                        `"https://" is no origin: `,
		"https://*.example.com":           `"https://*.example.com" is no origin: `,
		"https://exa mple.com":            `"https://exa mple.com" is no origin: `,
		"ftp://app.example.com":           "must begin with http:// or https://",
		"https://app.example.com/":        "ends with a slash: write https://app.example.com",
		"https://app.example.com/page":    "is more than an origin: write https://app.example.com",
		"https://app.example.com?a=b":     "is more than an origin: write https://app.example.com",
		"https://ann@app.example.com":     "is more than an origin: write https://app.example.com",
		"https://App.example.com:443":     "is not as browsers write it: write https://app.example.com",
		"https://b\u00fccher.example.com": "write the name with xn--",
		"http://localhost:80":             "is not as browsers write it: write http://localhost",
		"https://[2001:db8::1]:443":       "write https://[2001:db8::1]",
		"https://app.example.com:3000/":   "write https://app.example.com:3000",
	} {
		got := appFindings(t, appServer+"baseURL: https://auth.example.com", text)
		if len(got) != 1 || !strings.HasPrefix(got[0], "error app: ") || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestSharedDomain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{"auth.example.com", "app.example.com", "example.com"},
		{"auth.example.com", "example.com", "example.com"},
		{"example.com", "app.example.com", "example.com"},
		{"a.eu.example.com", "b.eu.example.com", "eu.example.com"},
		{"notexample.com", "example.com", "com"}, // no site that they share: nobody asks
		{"localhost", "example.com", ""},
	} {
		if got := sharedDomain(c.a, c.b); got != c.want {
			t.Errorf("sharedDomain(%s, %s) = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
