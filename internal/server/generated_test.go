package server

import (
	"flag"
	"os"
	"reflect"
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
