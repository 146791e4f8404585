package migrate_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// combinations are every plugin that there is, each alone and all together, as the
// object of a file.
func combinations(t *testing.T) []string {
	t.Helper()
	var names, alone []string
	for field := range reflect.TypeFor[server.Plugins]().Fields() {
		if field.Type.Kind() == reflect.Pointer {
			names = append(names, fmt.Sprintf("%q: {}", field.Tag.Get("yaml")))
			alone = append(alone, "{"+names[len(names)-1]+"}")
		}
	}
	return append(alone, "{"+strings.Join(names, ", ")+"}")
}

// tablesOf gives the tables of a configuration with these plugins.
func tablesOf(t *testing.T, plugins string, ids schema.IDType) *schema.Set {
	t.Helper()
	text := "plugins: " + plugins
	if ids != schema.TextIDs {
		text += "\nadvanced: {database: {generateId: " + string(ids) + "}}"
	}
	cfg, err := server.ParseConfig(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := server.Schema(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// asOptions are the options with which the original has the same plugins.
func asOptions(t *testing.T, plugins string) string {
	t.Helper()
	text, err := json.Marshal(map[string]json.RawMessage{"plugins": json.RawMessage(plugins)})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What plugins add is the original's to the letter, on an empty database and on one
// without them, and the original takes what it finds there.
func TestTheTablesOfEveryPluginAreBetterAuths(t *testing.T) {
	t.Parallel()
	all := combinations(t)
	for i, plugins := range all {
		together := i == len(all)-1
		for _, ids := range []schema.IDType{schema.TextIDs, schema.UUIDs, schema.SerialIDs} {
			if !together && ids != schema.TextIDs {
				continue // all together show it
			}
			t.Run(plugins+" with ids "+string(ids), func(t *testing.T) {
				t.Parallel()
				o := defaults(pgtest.URL(t))
				if ids == schema.TextIDs {
					o.Set = tablesOf(t, "{}", ids)
					if err := migrate.Up(t.Context(), o); err != nil {
						t.Fatal(err)
					}
				}
				o.Set = tablesOf(t, plugins, ids)
				options := asOptions(t, plugins)
				if got, want := shared(t, o), askOriginal(t, o.URL, "plan", "", string(ids), options).SQL; got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				if !together {
					return
				}
				if err := migrate.Up(t.Context(), o); err != nil {
					t.Fatal(err)
				}
				if found := askOriginal(t, o.URL, "use", "", string(ids), options); found.Changes != 0 || len(found.Problems) != 0 || found.User == "" {
					t.Errorf("it finds %+v", found)
				}
			})
		}
	}
}

// A database of the original's with plugins needs our schema and nothing else.
func TestADatabaseOfBetterAuthsWithEveryPluginIsAdopted(t *testing.T) {
	t.Parallel()
	all := combinations(t)
	plugins := all[len(all)-1]
	for _, ids := range []schema.IDType{schema.TextIDs, schema.UUIDs, schema.SerialIDs} {
		t.Run(string(ids), func(t *testing.T) {
			t.Parallel()
			o := defaults(pgtest.URL(t))
			o.Set = tablesOf(t, plugins, ids)
			askOriginal(t, o.URL, "up", "", string(ids), asOptions(t, plugins))
			if left := shared(t, o); left != ";" {
				t.Errorf("of its own tables we would change %s", left)
			}
			if err := migrate.Up(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			if err := migrate.Check(t.Context(), o); err != nil {
				t.Error(err)
			}
			if found := askOriginal(t, o.URL, "use", "", string(ids), asOptions(t, plugins)); found.Changes != 0 || len(found.Problems) != 0 {
				t.Errorf("afterwards it finds %+v", found)
			}
		})
	}
}
