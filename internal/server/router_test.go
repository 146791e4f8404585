package server

import (
	"strings"
	"testing"
)

// Expected values are what `new URL(target, "http://a")` of Node gives, and
// what the original's router and its rules then make of the path.
func TestSplitReadsTargetsAsTheURLStandardDoes(t *testing.T) {
	t.Parallel()
	tests := []struct{ target, path, query string }{
		{"/api/auth/ok", "/api/auth/ok", ""},
		{"/api/auth/ok?a=b?c", "/api/auth/ok", "a=b?c"},
		{"/api/auth/ok#x?y", "/api/auth/ok", ""},
		{"/api/auth/ok?a#b", "/api/auth/ok", "a"},
		{`/api\auth/ok`, "/api/auth/ok", ""},
		{"/api/./auth/../auth/ok", "/api/auth/ok", ""},
		{"/api/%2e%2E/api/auth/ok", "/api/auth/ok", ""},
		{"/api/.%2e/x", "/x", ""},
		{"/../../x", "/x", ""},
		{"/x/..", "/", ""},
		{"/x/.", "/x/", ""},
		{"/x/..a/.b", "/x/..a/.b", ""},
		{"/x//../y", "/x/y", ""},
		{"/x/%2f../y", "/x/%2f../y", ""},
		{"http://other.test/api/auth/ok?x", "/api/auth/ok", "x"},
		{"http://other.test", "/", ""},
		{"*", "/", ""},
	}
	for _, tt := range tests {
		if path, query := split(tt.target); path != tt.path || query != tt.query {
			t.Errorf("%s: %q %q, want %q %q", tt.target, path, query, tt.path, tt.query)
		}
	}
}

func TestRouteAndRuleNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		base, path, rule, route string
		skipSlash, found        bool
	}{
		{"/api/auth", "/api/auth/ok", "/ok", "/ok", false, true},
		{"/api/auth", "/api/auth/ok/", "/ok", "/ok", false, false},
		{"/api/auth", "/api/auth/ok/", "/ok", "/ok", true, true},
		{"/api/auth", "/api/auth/ok//", "/ok", "", true, false},
		{"/api/auth", "/api/auth//ok", "//ok", "", false, false},
		{"/api/auth", "/api/auth", "/", "", false, false},
		{"/api/auth", "/api/auth/", "/", "/", true, true},
		{"/api/auth", "/api/authority", "/api/authority", "", false, false},
		{"/api/auth", "/ok", "/ok", "", false, false},
		{"", "/ok", "/ok", "/ok", false, true},
		{"", "/", "/", "/", true, true},
	}
	for _, tt := range tests {
		e := &endpoints{base: tt.base, skipSlash: tt.skipSlash}
		if got := e.normalized(tt.path); got != tt.rule {
			t.Errorf("%s under %q has the rule name %q, want %q", tt.path, tt.base, got, tt.rule)
		}
		route, found := e.routePath(tt.path)
		if found != tt.found || found && route != tt.route {
			t.Errorf("%s under %q routes to %q %t, want %q %t", tt.path, tt.base, route, found, tt.route, tt.found)
		}
	}
}

// Whatever is sent, no dot segment is left for anybody to resolve again, and
// who limits or disables a path means the one that is routed.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"/api/auth/ok", "/a/../b", "/%2e%2e/x", `\..\x`, "//", "http://a/b", "*", "/.", "/a/%2E"} {
		f.Add(seed)
	}
	e := &endpoints{base: "/api/auth"}
	f.Fuzz(func(t *testing.T, target string) {
		path, _ := split(target)
		if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, `\?#`) {
			t.Errorf("%q gives %q", target, path)
		}
		for segment := range strings.SplitSeq(path, "/") {
			if plain := strings.ReplaceAll(strings.ToLower(segment), "%2e", "."); plain == "." || plain == ".." {
				t.Errorf("%q leaves %q in %q", target, segment, path)
			}
		}
		if route, ok := e.routePath(path); ok && e.normalized(path) != route {
			t.Errorf("%q is routed as %q and limited as %q", target, route, e.normalized(path))
		}
	})
}
