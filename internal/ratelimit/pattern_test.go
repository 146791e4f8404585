package ratelimit_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// custom is a key of customRules with a rule that lets one request through.
func custom(key string) ratelimit.Config {
	return ratelimit.Config{Max: 3, CustomRules: config.Ordered[ratelimit.CustomRule]{
		{Name: key, Value: ratelimit.CustomRule{Window: config.Duration(time.Minute), Max: 1}},
	}}
}

// applies tells whether the rule under a key is that of a path.
func applies(key, path string) bool {
	l := limiter(custom(key), &clock{})
	check(l, "a", path)
	second, _ := check(l, "a", path)
	return !second
}

// testdata/patterns.mjs makes the file from what the original matches.
func TestPatternsOfBetterAuth(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/patterns.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Paths   []string
		Matches map[string]string
	}
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatal(err)
	}
	for pattern, matches := range recorded.Matches {
		for i, path := range recorded.Paths {
			if got, want := applies(pattern, path), matches[i] == '1'; got != want {
				t.Errorf("%s on %s: %v, want %v", pattern, path, got, want)
			}
		}
	}
}

// Without a star a key is the path that it spells.
func TestPlainKeys(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{"/a.b": true, "/axb": false, "/a.b/": false, "/A.B": false, "/a": false} {
		if got := applies("/a.b", path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

// A pattern of an operator cannot make the server slow.
func TestPatternsTakeLinearTime(t *testing.T) {
	t.Parallel()
	l := limiter(custom(strings.Repeat("/**/*a", 20)), &clock{})
	began := time.Now()
	check(l, "a", strings.Repeat("/a", 3_000)+"/b")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
