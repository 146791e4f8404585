package server

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
)

var update = flag.Bool("update", false, "write the generated files anew")

func TestSchemaAndReferenceAreUpToDate(t *testing.T) {
	tree := reflect.TypeFor[Config]()
	schema, err := config.JSONSchema(tree, "The configuration of sallyport")
	if err != nil {
		t.Fatal(err)
	}
	checkGenerated(t, "../../docs/sallyport.schema.json", schema)
	checkGenerated(t, "../../docs/configuration.md", []byte(config.Reference(tree)))
}

func checkGenerated(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s is not what the options say (%v); run `make generate`", path, err)
	}
}

// checkGeneratedPart is checkGenerated for what stands between two comments of a
// page that people write.
func checkGeneratedPart(t *testing.T, path, want string) {
	t.Helper()
	const begin, end = "<!-- generated -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for it", path)
	}
	checkGenerated(t, path, []byte(before+begin+want+end+after))
}
