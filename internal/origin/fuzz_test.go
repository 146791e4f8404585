package origin

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// trustedTarget is what every answer of SafeRedirect must look like when only
// https://app.example.com and myapp://callback are trusted.
var trustedTarget = regexp.MustCompile(`^(/([^/]|$)|https://app\.example\.com(:443)?([/?#]|$)|myapp://[Cc][Aa][Ll][Ll][Bb][Aa][Cc][Kk]([/?#]|$))`)

func FuzzSafeRedirect(f *testing.F) {
	for _, seed := range []string{
		"/", "/a/../b", "/.//x", "/%2e%2E//x", "//x", "/\\x", "https://app.example.com/a?b#c", "https://app.example.com@x", "https:/app.example.com",
		"HTTPS://APP.EXAMPLE.COM:443", "myapp://callback/../x", "myapp:callback", "javascript:x", "/é?q= x", "https://[::1]", "https://127.1",
	} {
		f.Add(seed)
	}
	list := mustParse(f, "https://app.example.com", "myapp://callback")
	f.Fuzz(func(t *testing.T, raw string) {
		safe, ok := list.SafeRedirect(raw)
		if !ok {
			return
		}
		if !trustedTarget.MatchString(safe) || hasControl(safe) || strings.ContainsAny(safe, "\\ \"<>") {
			t.Fatalf("SafeRedirect(%q) = %q", raw, safe)
		}
		if again, ok := list.SafeRedirect(safe); !ok || again != safe {
			t.Fatalf("SafeRedirect(%q) = %q, which becomes %q, %v", raw, safe, again, ok)
		}
		checkHost(t, raw, safe)
		if _, err := AppendQuery(safe, Pair{"a", "b"}); err != nil {
			t.Fatalf("AppendQuery(%q): %v", safe, err)
		}
	})
}

// checkHost asks net/url, which reads URLs in its own way, whether it sees the
// same server. It refuses some paths that browsers take, and that is fine.
func checkHost(t *testing.T, raw, safe string) {
	t.Helper()
	base := &url.URL{Scheme: "https", Host: "self.test", Path: "/x/"}
	u, err := base.Parse(safe)
	if err != nil {
		return
	}
	switch strings.ToLower(u.Host) {
	case "self.test", "app.example.com", "app.example.com:443", "callback":
	default:
		t.Fatalf("SafeRedirect(%q) = %q, which leads to %q", raw, safe, u.Host)
	}
}

func FuzzMatchesOrigin(f *testing.F) {
	for _, seed := range []string{"https://app.example.com", "https://app.example.com/x?y", "https://a.example.org", "null", "https://192.168.1.1", "http://app.example.com"} {
		f.Add(seed)
	}
	list := mustParse(f, "https://app.example.com", "https://*.example.org", "https://192.168.*.*")
	origins := regexp.MustCompile(`^https://(app\.example\.com|[a-z0-9._-]*\.example\.org|192\.168\.\d+\.\d+)$`)
	f.Fuzz(func(t *testing.T, header string) {
		if list.AllowsOrigin(header) && (!origins.MatchString(header) || !list.MatchesOrigin(header)) {
			t.Fatalf("AllowsOrigin(%q)", header)
		}
		before, _ := cutAny(strings.TrimPrefix(strings.ToLower(header), "https://"), "/?#")
		before = strings.TrimSuffix(strings.TrimSuffix(before, ":443"), ":")
		if list.MatchesOrigin(header) && !origins.MatchString("https://"+before) && !strings.Contains(before, ":") {
			t.Fatalf("MatchesOrigin(%q)", header)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"*", "**", "https://*.a", "a\\*", "myapp://?/**/x", "[", "(", "https://**/**"} {
		f.Add(seed, "https://a.test/x")
	}
	f.Fuzz(func(t *testing.T, pattern, raw string) {
		list, err := Parse([]string{pattern})
		if err != nil {
			return
		}
		list.MatchesOrigin(raw)
		if safe, ok := list.SafeRedirect(raw); ok && strings.HasPrefix(raw, "/") && !(safe[0] == '/' && !strings.HasPrefix(safe, "//")) {
			t.Fatalf("SafeRedirect(%q) = %q", raw, safe)
		}
	})
}

// Whatever is sent becomes valid text, no longer than it was but for what stands
// for invalid bytes; what net/url can read too is read alike.
func FuzzReadForm(f *testing.F) {
	for _, seed := range []string{"a=b&c=d", "a=%zz&%41=+", "=&&=", "a=%ff", "a;b=c", "%", "a=b=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		pairs := ReadForm(text)
		if len(pairs) > strings.Count(text, "&")+1 {
			t.Fatalf("%q has %d pairs", text, len(pairs))
		}
		values, err := url.ParseQuery(text)
		for _, p := range pairs {
			if !utf8.ValidString(p.Name + p.Value) {
				t.Fatalf("%q gives %q", text, p)
			}
			if err == nil && utf8.ValidString(mustUnescape(text)) && !slices.Contains(values[p.Name], p.Value) {
				t.Fatalf("%q gives %q, net/url %q", text, p, values)
			}
		}
	})
}

func mustUnescape(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return "\xff"
	}
	return plain
}
