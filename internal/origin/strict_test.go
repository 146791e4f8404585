package origin

import (
	"maps"
	"slices"
	"strings"
)

// refused lists, by reason, the forms of URL in the recording that sallyport
// does not take although Better Auth may. Everything else must agree.
var refused = map[string][]string{
	"a path that becomes another server once cleaned up": {
		"/.//app.example.com", "/a/..//app.example.com", "/%2e//app.example.com", "/a/%2E%2e//b",
	},
	"control characters and surrounding space": {
		" https://app.example.com", "https://app.example.com ", "https://app.example.com\n",
		"ht\ntps://app.example.com", "https://app.exa\tmple.com", "https://app.example.com/\x00",
		"/a\u0085", "/a\u007f", "myapp://callback/x\ny",
	},
	"backslashes": {
		`https://app.example.com\@evil.test`, `https://evil.test\@app.example.com`, `https://evil.test\.example.com`,
		`https://app.example.com\evil`, `https://exam\ple.com`, `https:\\app.example.com`, `/a\b`, `/a?b=\`,
	},
	"user names": {
		"https://user@app.example.com", "https://user:pw@app.example.com/x", "https://app.example.com@evil.test",
		"myapp://evil@callback", "myapp://callback@evil", "exp://a@192.168.1.5:8081/x",
	},
	"slashes missing or too many": {
		"https:app.example.com", "https:/app.example.com", "https:///app.example.com", "https:////app.example.com/x",
	},
	"unusual spellings of IPv4": {
		"http://127.1:3000", "http://0x7f.1:3000", "http://2130706433:3000", "http://127.0.0.01:3000", "http://127.0.0.1.:3000",
	},
	"hosts outside letters, digits, dot, hyphen and underscore": {
		"https://bücher.example", "https://ａpp.example.com", "https://app。example.com", "https://a\u00ad.example.com",
		"https://%61pp.example.com", "https://app%2eexample.com", "myapp://c%61llback",
		"https://*.example.com", "https://app.*.com", "https://a+b.example.com", "https://a!b.example.com",
		"https://a,b.example.com", "https://{x}.example.com",
	},
	"app paths that do not decode":     {"myapp://callback/deep%", "myapp://callback/deep/%ff"},
	"encoded separators in a path":     {"/a%2fb", "/a%2Fb", "/a%5cb"},
	"a host and port without a scheme": {"localhost:3000", "tel:1"},
}

// strict holds every refused URL.
var strict = func() map[string]bool {
	all := map[string]bool{}
	for _, url := range slices.Concat(slices.Collect(maps.Values(refused))...) {
		all[url] = true
	}
	return all
}()

// targetsOnly reports whether url is refused as a redirect target but not as
// a Referer, of which only the origin counts.
func targetsOnly(url, pattern string) bool {
	if strings.HasPrefix(url, "/") {
		return false
	}
	scheme, _, _ := strings.Cut(strings.ToLower(url), ":")
	web := scheme == "http" || scheme == "https"
	hostOnly := isGlob(pattern) && !strings.Contains(pattern, "://")
	return neverTargets[scheme] || strings.Contains(url, `\`) || !web && hostOnly
}
