package oauthproxy

import (
	"net/url"
	"testing"
)

// What URLSearchParams.set of Node makes of an address.
func TestSetParam(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.test/x":                        "https://a.test/x?state=n+w%2B",
		"https://a.test/x?state=1&b=%20&state=2":  "https://a.test/x?state=n+w%2B&b=+",
		"https://a.test/x?b&c=%7E*#part":          "https://a.test/x?b=&c=%7E*&state=n+w%2B#part",
		"https://a.test:8443/%2F?b=%E2%82%AC&b=2": "https://a.test:8443/%2F?b=%E2%82%AC&b=2&state=n+w%2B",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := setParam(u, "state", "n w+"); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestWebAddresses(t *testing.T) {
	for in, ok := range map[string]bool{
		"http://prev.test/api/auth/callback/google/oauth-proxy?callbackURL=%2F": true, "https://prev.test": true,
		"/relative": false, "javascript:alert(1)": false, "myapp://callback": false, "https://user@prev.test/": false, "": false, "//prev.test/x": false,
	} {
		if u, err := webAddress(in); (err == nil) != ok {
			t.Errorf("%q: %v, %v", in, u, err)
		}
	}
}

func TestOriginsOfOptions(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "https://App.Example.com": "https://app.example.com", "https://app.example.com:443/": "https://app.example.com",
		"http://localhost:3000//": "http://localhost:3000",
	} {
		if got, err := originOf("productionURL", in, true); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"app.example.com", "ftp://app.example.com", "https://", "https://a@b.test", "https://app.example.com/api/auth", "https://app.example.com?x=1"} {
		if got, err := originOf("productionURL", in, true); err == nil {
			t.Errorf("%q is taken for %q", in, got)
		}
	}
	if got, err := originOf("currentURL", "https://app.example.com/x?y", false); err != nil || got != "https://app.example.com" {
		t.Errorf("%q, %v", got, err)
	}
}
