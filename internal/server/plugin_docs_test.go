package server

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// pageOf is the file name of a plugin's page: the words of its name with hyphens
// between them. A first letter alone is no word: oAuthProxy has oauth-proxy.md.
func pageOf(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 1 && unicode.IsUpper(r) && unicode.IsLower(runes[i-1]) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String() + ".md"
}

// Every plugin has a page, which names each of its options and its endpoints.
func TestEveryPluginHasAPage(t *testing.T) {
	t.Parallel()
	options := config.Options(reflect.TypeFor[Config]())
	for _, name := range pluginNames() {
		text, err := os.ReadFile("../../docs/plugins/" + pageOf(name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		page := string(text)
		for _, o := range options {
			option, mine := strings.CutPrefix(o.Name, "plugins."+name+".")
			if mine && o.State == config.Supported && !named(page, option) {
				t.Errorf("%s does not name the option %s", pageOf(name), option)
			}
		}
		_, made := of(t, name)
		for _, route := range made.made[len(made.made)-1].Routes {
			if !strings.Contains(page, "`"+route.Method+" "+route.Path+"`") {
				t.Errorf("%s does not name the endpoint `%s %s`", pageOf(name), route.Method, route.Path)
			}
		}
	}
}

// named tells whether a page names an option, or the whole group that it is in.
func named(page, option string) bool {
	for option != "" {
		if strings.Contains(page, "`"+option+"`") {
			return true
		}
		i := strings.LastIndexByte(option, '.')
		if i < 0 {
			return false
		}
		option = option[:i]
	}
	return false
}

// TestTheListOfPagesAreUpToDate keeps the list of plugins in the index of the
// documents equal to what there is.
func TestTheListOfPagesAreUpToDate(t *testing.T) {
	var list strings.Builder
	list.WriteString("| plugin | is for |\n|---|---|\n")
	fields := reflect.TypeFor[Plugins]()
	for i := range fields.NumField() {
		f := fields.Field(i)
		if name := f.Tag.Get("yaml"); slices.Contains(pluginNames(), name) {
			fmt.Fprintf(&list, "| [%s](plugins/%s) | %s |\n", name, pageOf(name), f.Tag.Get("doc"))
		}
	}
	checkGeneratedPart(t, "../../docs/README.md", list.String())
}
