package layers

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the import rules in .golangci.yml")

// The rules stand between these lines of .golangci.yml.
const (
	rulesBegin = "      # rules: written by `make generate` from internal/layers\n"
	rulesEnd   = "      # end of rules\n"
)

// TestLintRulesAreUpToDate keeps the depguard rules of .golangci.yml equal to the order here, so that editors
// and the linter know it too. Plugins among each other, and tests, are looked at only here.
func TestLintRulesAreUpToDate(t *testing.T) {
	path := filepath.Join(root, ".golangci.yml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, began := strings.Cut(string(text), rulesBegin)
	_, after, ended := strings.Cut(rest, rulesEnd)
	if !began || !ended {
		t.Fatal(".golangci.yml has no place for the import rules")
	}
	want := before + rulesBegin + lintRules() + rulesEnd + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatal("the import rules of .golangci.yml are out of date: run `make generate`")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lintRules writes one depguard rule for each room, which denies the rooms above it, and one for
// each library that has a keeper.
func lintRules() string {
	var b strings.Builder
	b.WriteString("      rules:\n")
	for i, room := range rooms[:len(rooms)-1] {
		folder := strings.TrimSuffix(room, "/*")
		rule(&b, strings.ReplaceAll(strings.TrimPrefix(folder, "internal/"), "/", "-"), "**/"+folder+"/**")
		for _, higher := range rooms[i+1:] {
			deny(&b, Module+"/"+strings.TrimSuffix(higher, "/*"), folder+" is below it")
		}
	}
	for _, keeper := range slices.Sorted(maps.Values(keepers)) {
		name := "only-" + filepath.Base(keeper)
		if strings.Contains(b.String(), name+":") {
			continue // it keeps several
		}
		rule(&b, name, "**/*.go", "!**/"+keeper+"/**", "!**/"+strangers+"/**")
		for _, library := range slices.Sorted(maps.Keys(keepers)) {
			if keepers[library] == keeper {
				deny(&b, library, "only "+keeper+" uses it")
			}
		}
	}
	return b.String()
}

func rule(b *strings.Builder, name string, files ...string) {
	fmt.Fprintf(b, "        %s:\n          list-mode: lax\n          files: [\"%s\", \"!$test\"]\n          deny:\n",
		name, strings.Join(files, `", "`))
}

func deny(b *strings.Builder, pkg, why string) {
	fmt.Fprintf(b, "            - {pkg: %s, desc: %s}\n", pkg, why)
}
