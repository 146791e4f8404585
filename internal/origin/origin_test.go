package origin

import (
	"slices"
	"strings"
	"testing"
)

func TestSafeRedirect(t *testing.T) {
	list := mustParse(t, "https://app.example.com", "https://*.example.org", "myapp://callback")
	for raw, want := range map[string]string{
		"/":                                   "/",
		"/dashboard?tab=1&x=%20y#top":         "/dashboard?tab=1&x=%20y#top",
		"/a/../b/./c":                         "/b/c",
		"/profil/é?q=a b":                     "/profil/%C3%A9?q=a%20b",
		"https://app.example.com":             "https://app.example.com",
		"https://app.example.com/":            "https://app.example.com/",
		"https://app.example.com?x":           "https://app.example.com?x",
		"HTTPS://App.Example.com/Path":        "https://app.example.com/Path",
		"https://app.example.com:443/x":       "https://app.example.com:443/x",
		"https://app.example.com//other.test": "https://app.example.com//other.test",
		"https://a.b.example.org/cb#access=1": "https://a.b.example.org/cb#access=1",
		"myapp://callback/x?code=1":           "myapp://callback/x?code=1",
		"MYAPP://Callback/x":                  "myapp://Callback/x", // apps compare their host as it is written
		"":                                    "",
		"dashboard":                           "",
		"//app.example.com":                   "",
		"/\\app.example.com":                  "",
		"/\x00":                               "",
		"/\xff":                               "",
		"https://other.test":                  "",
		"http://app.example.com":              "",
		"https://app.example.com:8443":        "",
		"https://app.example.com.other.test":  "",
		"https://app.example.com@other.test":  "",
		"javascript:alert(1)":                 "",
		"myapp://other":                       "",
		"/" + strings.Repeat("a", MaxURL):     "",
	} {
		got, ok := list.SafeRedirect(raw)
		if got != want || ok != (want != "") {
			t.Errorf("SafeRedirect(%.60q) = %.60q, %v, want %.60q", raw, got, ok, want)
		}
		if list.MatchesTarget(raw) != ok {
			t.Errorf("MatchesTarget(%.60q) and SafeRedirect disagree", raw)
		}
	}
}

func TestRebuildTakesAnySiteButNoDangerousScheme(t *testing.T) {
	for raw, want := range map[string]string{
		"/a/../b":                     "/b",
		"HTTPS://Other.test/x":        "https://other.test/x",
		"//other.test":                "",
		"https://app.example.com@x.y": "",
		"javascript:alert(1)":         "",
	} {
		if got, ok := Rebuild(raw); got != want || ok != (want != "") {
			t.Errorf("Rebuild(%q) = %q, %v, want %q", raw, got, ok, want)
		}
	}
}

func TestSchemesThatAreNeverTargets(t *testing.T) {
	list := mustParse(t, "*", "**", "javascript:", "data:", "file://", "blob:")
	for _, raw := range []string{"javascript://a.test/x", "javascript:x", "data:text/html,x", "file:///x", "blob:https://a.test/x", "myapp://a.test"} {
		if got, ok := list.SafeRedirect(raw); ok {
			t.Errorf("SafeRedirect(%q) = %q, want it refused", raw, got)
		}
	}
}

func TestAllowsOrigin(t *testing.T) {
	list := mustParse(t, "https://app.example.com", "http://localhost:3000", "https://*.example.org", "myapp://callback", "*.example.net")
	for origin, want := range map[string]bool{
		"https://app.example.com":     true,
		"http://localhost:3000":       true,
		"https://a.example.org":       true,
		"https://a.example.net":       true,
		"http://a.example.net":        true,
		"https://example.org":         false,
		"https://app.example.com/":    false,
		"https://app.example.com:443": false,
		"https://APP.example.com":     false,
		"https://a.example.org/x":     false,
		"https://u@app.example.com":   false,
		"myapp://callback":            false,
		"null":                        false,
		"":                            false,
		"/":                           false,
	} {
		if got := list.AllowsOrigin(origin); got != want {
			t.Errorf("AllowsOrigin(%q) = %v, want %v", origin, got, want)
		}
	}
	if everything := mustParse(t, "*", "**", "null"); everything.AllowsOrigin("null") || everything.MatchesOrigin("null") {
		t.Error("the null origin is trusted")
	}
}

func TestParseRefusesBrokenEntries(t *testing.T) {
	for _, text := range []string{"https://a.test\n", "https://a\xff.test"} {
		if _, err := Parse([]string{text}); err == nil {
			t.Errorf("Parse(%q) gives no error", text)
		}
	}
}

func TestUnmatchable(t *testing.T) {
	useful := []string{"https://app.example.com", "*.example.com", "https://*.example.com", "myapp://", "exp://**"}
	useless := []string{"example.com", "https://app.example.com/", "https://APP.example.com", "https://app.example.com/cb", "localhost:3000", "https://app.example.com:443"}
	list := mustParse(t, slices.Concat([]string{""}, useful, useless)...)
	if got := list.Unmatchable(); !slices.Equal(got, useless) {
		t.Errorf("Unmatchable() = %q, want %q", got, useless)
	}
}

func TestAppendQuery(t *testing.T) {
	for _, c := range []struct{ target, want string }{
		{"/cb", "/cb?error=a+b"},
		{"/cb?x=1#top", "/cb?x=1&error=a+b#top"},
		{"/cb?x=1&", "/cb?x=1&error=a+b"},
		{"https://app.example.com", "https://app.example.com/?error=a+b"},
		{"myapp://cb", "myapp://cb?error=a+b"},
	} {
		if got, err := AppendQuery(c.target, Pair{"error", "a b"}); got != c.want || err != nil {
			t.Errorf("AppendQuery(%q) = %q, %v, want %q", c.target, got, err, c.want)
		}
	}
	if got, err := AppendQuery("https://app.example.com:443"); got != "https://app.example.com:443" || err != nil {
		t.Errorf("AppendQuery without parameters = %q, %v", got, err)
	}
	if _, err := AppendQuery("//app.example.com", Pair{"a", "b"}); err == nil {
		t.Error("AppendQuery takes another server for a path")
	}
}

// Answers of Node's URL and URLSearchParams.set.
func TestSetQuery(t *testing.T) {
	for _, c := range []struct{ target, want string }{
		{"/cb", "https://auth.test/cb?token=a+b"},
		{"/cb?x=1#top", "https://auth.test/cb?x=1&token=a+b#top"},
		{"/cb?token=1&y=%20z&token=2&&q", "https://auth.test/cb?token=a+b&y=+z&q="},
		{"/a/../b?x=%zz", "https://auth.test/b?x=%25zz&token=a+b"},
		{"https://app.test", "https://app.test/?token=a+b"},
		{"https://app.test:443?", "https://app.test/?token=a+b"},
		{"https://app.test/x?a=é", "https://app.test/x?a=%C3%A9&token=a+b"},
		{"myapp://cb", "myapp://cb?token=a+b"},
		{"myapp://cb/x?a=b~*'", "myapp://cb/x?a=b%7E*%27&token=a+b"},
	} {
		if got, err := SetQuery("https://auth.test", c.target, Pair{"token", "a b"}); got != c.want || err != nil {
			t.Errorf("SetQuery(%q) = %q, %v, want %q", c.target, got, err, c.want)
		}
	}
	for _, bad := range []string{"//evil.test", "javascript:alert(1)", "/.//evil.test", "x"} {
		if got, err := SetQuery("https://auth.test", bad); err == nil {
			t.Errorf("%q becomes %q", bad, got)
		}
	}
}
