package origin

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// recording is what better-auth answered; testdata/record.mjs makes it.
type recording struct {
	Version  string
	Patterns []string
	Answers  []answer
}

type answer struct {
	URL      string
	Origin   []int  // indices of the patterns that match
	Relative bool   // accepted as a path on the server itself
	Appended string // with error="a b*~'é&=" and x_y="" appended; "" when refused
}

func readRecording(t *testing.T) recording {
	t.Helper()
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec recording
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Fatal(err)
	}
	return rec
}

func mustParse(t testing.TB, patterns ...string) *List {
	t.Helper()
	list, err := Parse(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestAnswersOfBetterAuth compares every pair of URL and pattern.
func TestAnswersOfBetterAuth(t *testing.T) {
	rec := readRecording(t)
	lists := make([]*List, len(rec.Patterns))
	for i, pattern := range rec.Patterns {
		lists[i] = mustParse(t, pattern)
	}
	for _, row := range rec.Answers {
		want := make([]bool, len(lists))
		for _, i := range row.Origin {
			want[i] = true
		}
		for i, list := range lists {
			compareOrigin(t, list, row.URL, rec.Patterns[i], want[i])
			compareTarget(t, list, row.URL, rec.Patterns[i], want[i] || row.Relative)
		}
	}
}

func compareOrigin(t *testing.T, list *List, url, pattern string, want bool) {
	t.Helper()
	want = want && !strict[url]
	if got := list.MatchesOrigin(url); got != want {
		t.Errorf("MatchesOrigin(%q) with %q = %v, want %v", url, pattern, got, want)
	}
}

func compareTarget(t *testing.T, list *List, url, pattern string, want bool) {
	t.Helper()
	want = want && !strict[url] && !targetsOnly(url, pattern)
	if got := list.MatchesTarget(url); got != want {
		t.Errorf("MatchesTarget(%q) with %q = %v, want %v", url, pattern, got, want)
	}
}

func TestAppendQueryAnswersOfBetterAuth(t *testing.T) {
	for _, row := range readRecording(t).Answers {
		got, err := AppendQuery(row.URL, Pair{"error", "a b*~'é&="}, Pair{"x_y", ""})
		if row.Appended == "" || strict[row.URL] || strings.Contains(row.URL, `\`) || targetsOnly(row.URL, "") {
			if err == nil {
				t.Errorf("AppendQuery(%q) = %q, want an error", row.URL, got)
			}
			continue
		}
		if got != row.Appended {
			t.Errorf("AppendQuery(%q) = %q, %v, want %q", row.URL, got, err, row.Appended)
		}
	}
}
