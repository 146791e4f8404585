package server

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// TestSchemaFilesAreUpToDate keeps db/schema, from which sqlc learns the tables,
// equal to the default field set: a file for the core and for each plugin that has
// tables of its own. With -update it writes the files.
func TestSchemaFilesAreUpToDate(t *testing.T) {
	cfg := everyPlugin()
	checkSchemaFile(t, "core", schema.Core)
	for name, f := range features {
		if f.tables == nil {
			continue
		}
		var own []schema.Table
		for _, table := range f.tables(cfg) {
			if schema.MustNewSet(schema.Core).Table(table.Model) == nil {
				own = append(own, table)
			}
		}
		if own != nil {
			checkSchemaFile(t, strings.ToLower(name), own)
		}
	}
}

func checkSchemaFile(t *testing.T, owner string, tables []schema.Table) {
	t.Helper()
	set := schema.MustNewSet(schema.Core, tables)
	var text strings.Builder
	text.WriteString("-- Generated from the default field set by `make generate`; do not edit.\n")
	written := map[string]bool{}
	for _, table := range tables { // one that only renames has the model of another
		if !written[table.Model] {
			text.WriteString(migrate.CreateTable(set, set.Table(table.Model)) + ";\n")
		}
		written[table.Model] = true
	}
	checkGenerated(t, "../../db/schema/"+owner+".sql", []byte(text.String()))
}

// everyPlugin is a configuration with every plugin that can be made, in its
// default form.
func everyPlugin() *Config {
	cfg := &Config{}
	plugins := reflect.ValueOf(&cfg.Plugins).Elem()
	for i := range plugins.NumField() {
		if f := plugins.Field(i); f.Kind() == reflect.Pointer {
			f.Set(reflect.New(f.Type().Elem()))
		}
	}
	config.SetDefaults(cfg)
	return cfg
}
