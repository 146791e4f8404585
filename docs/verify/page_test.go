package verify

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// shown is where the code of a language on the page comes from.
var shown = map[string]string{
	"python": "python/verify.py", "js": "node/verify.mjs", "go": "go/verify.go", "java": "java/src/main/java/Verifier.java",
}

var block = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// What readers copy from the page is what was tested.
func TestPageShowsTheTestedCode(t *testing.T) {
	page, err := os.ReadFile("../guides/verify-jwt.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		language, code := found[1], found[2]
		file, ok := shown[language]
		if !ok {
			continue
		}
		seen[language] = true
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), code) {
			t.Errorf("the page shows other code in %s than %s:\n%s", language, file, code)
		}
	}
	for language := range shown {
		if !seen[language] {
			t.Errorf("the page shows no code in %s", language)
		}
	}
}
