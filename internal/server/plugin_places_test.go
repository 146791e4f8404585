package server

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ownPlaces are the files that a plugin has for itself, PLUGIN standing for its
// folder's name and PAGE for that of its page.
var ownPlaces = []string{
	"internal/plugin/PLUGIN/",
	"sql/PLUGIN.sql",
	"internal/store/db/PLUGIN.sql.go",
	"db/schema/PLUGIN.sql",
	"docs/plugins/PAGE",
}

// sharedPlaces are the files of all plugins, with a line or an entry for each.
var sharedPlaces = []string{
	"internal/server/plugins.go", "internal/server/config_plugins.go",
	// What becomes of functions in an app's options.
	"internal/carry/forms.go", "internal/carry/substitutes.go",
}

// otherPlaces are further files that know a plugin, and why.
var otherPlaces = map[string]map[string]string{
	"jwt": {
		"cmd/sallyport/keys.go":        "commands of its own",
		"internal/server/options.go":   "what these open",
		"internal/server/check.go":     "the state of the keys is checked",
		"internal/server/check_app.go": "what APIs have to be told of the tokens",
		"internal/server/server.go":    "and measured",
	},
	"bearer": {
		"internal/server/describe.go": "a header that the document of the API tells of at every route",
	},
	"genericOAuth": {
		"internal/social/options.go":      "it is named to whoever wants a provider that is not built in",
		"internal/server/check_social.go": "what providers have to be told, and whether their documents can be read",
		"internal/carry/take.go":          "helpers are calls in an app's options and presets here",
		"internal/carry/preset.go":        "which of them a call was",
	},
	"oneTap":     {"internal/server/check_social.go": "what Google has to be told"},
	"oAuthProxy": {"internal/server/check_social.go": "which servers share a secret, and where providers send browsers"},
	"openAPI": {
		"internal/server/describe.go": "it does not describe itself",
	},
}

// A plugin that leaks into files of others is hard to take out, and to read.
func TestEveryPluginKeepsToItsPlaces(t *testing.T) {
	t.Parallel()
	for _, name := range pluginNames() {
		field := fieldOf(name)
		folder := filepath.Base(field.Type.Elem().PkgPath())
		mention := regexp.MustCompile(`internal/plugin/` + folder + `"|Plugins\.` + field.Name + `\b|plugins\.` + name + `\b|"plugins", "` + name + `"`)
		left := map[string]bool{}
		for path := range otherPlaces[name] {
			left[path] = true
		}
		for path, text := range programFiles(t) {
			own := slices.ContainsFunc(ownPlaces, func(place string) bool {
				return strings.HasPrefix(path, strings.NewReplacer("PLUGIN", folder, "PAGE", pageOf(name)).Replace(place))
			})
			if own || slices.Contains(sharedPlaces, path) || !mention.MatchString(text) {
				continue
			}
			if otherPlaces[name][path] == "" {
				t.Errorf("%s knows the plugin %s: hand over what it needs in %s, or say in otherPlaces why not", path, name, sharedPlaces[0])
			}
			delete(left, path)
		}
		for path := range left {
			t.Errorf("%s does not know the plugin %s any more", path, name)
		}
	}
}

// fieldOf is the field of a plugin's options.
func fieldOf(name string) reflect.StructField {
	for field := range reflect.TypeFor[Plugins]().Fields() {
		if field.Tag.Get("yaml") == name {
			return field
		}
	}
	panic("no plugin " + name)
}

// programFiles gives the text of every file of which the program is made, by its
// path in the repository.
func programFiles(t *testing.T) map[string]string {
	t.Helper()
	const root = "../.."
	files := map[string]string{}
	for _, top := range []string{"cmd", "internal", "sql", "db", "sqlc.yaml"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata"):
				return filepath.SkipDir
			case entry.IsDir() || strings.HasSuffix(path, "_test.go") || testOnly(path):
				return nil
			}
			if slices.Contains([]string{".go", ".sql", ".yaml"}, filepath.Ext(path)) {
				text, err := os.ReadFile(path)
				files[filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))] = string(text)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// testOnly tells whether a file is part of no program.
func testOnly(path string) bool {
	for _, folder := range []string{"authtest", "transcript", "bench", "soak", "tools"} {
		if strings.Contains(filepath.ToSlash(path), "internal/"+folder+"/") {
			return true
		}
	}
	return false
}
