package migrate

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

var update = flag.Bool("update", false, "write db/schema anew")

// owners lists who has tables of their own. A plugin that gets some is added.
var owners = map[string][]schema.Table{"core": schema.Core, "jwt": jwt.Tables}

// TestSchemaFilesAreUpToDate keeps db/schema, from which sqlc learns the tables,
// equal to the default field set. With -update it writes the files.
func TestSchemaFilesAreUpToDate(t *testing.T) {
	for owner, tables := range owners {
		set := schema.MustNewSet(schema.Core, tables)
		d := ddl{set: set}
		var text strings.Builder
		text.WriteString("-- Generated from the default field set by `make generate`; do not edit.\n")
		for _, table := range tables {
			text.WriteString(d.createTable(set.Table(table.Model)) + ";\n")
		}
		path := filepath.Join("..", "..", "db", "schema", owner+".sql")
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text.String() {
			t.Errorf("%s is not what the field set gives: run `make generate`", path)
		}
	}
}
