package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageHasARoom(t *testing.T) {
	for _, f := range source(t) {
		if height(f.pkg) < 0 {
			t.Errorf("%s: %s has no place in the order of rooms", f.path, f.pkg)
		}
	}
}

// TestImportsGoDown looks at tests too, but only for plugins: a test may use what stands above it.
func TestImportsGoDown(t *testing.T) {
	for _, f := range source(t) {
		for _, to := range f.own() {
			siblings := height(f.pkg) == height(to) && !mayImport(f.pkg, to)
			if siblings || !f.test && !mayImport(f.pkg, to) {
				t.Errorf("%s must not import %s", f.path, to)
			}
		}
	}
}

// isTestOnly tells whether no program contains a package.
func isTestOnly(pkg string) bool {
	return slices.ContainsFunc(testOnly, func(folder string) bool { return within(pkg, folder) })
}

func TestProgramsContainNoTestCode(t *testing.T) {
	for _, f := range source(t) {
		for _, to := range f.own() {
			if !f.test && isTestOnly(to) && !isTestOnly(f.pkg) {
				t.Errorf("%s must not import %s, which is for tests only", f.path, to)
			}
		}
	}
}

func TestProgramsToCopyStandAlone(t *testing.T) {
	found := false
	for _, f := range source(t) {
		if !within(f.pkg, strangers) {
			continue
		}
		found = true
		for _, to := range f.own() {
			t.Errorf("%s must not import %s: nobody else can", f.path, to)
		}
	}
	if !found {
		t.Errorf("there is nothing in %s", strangers)
	}
}

func TestLibrariesHaveOneKeeper(t *testing.T) {
	for _, f := range source(t) {
		if within(f.pkg, strangers) {
			continue
		}
		for _, path := range f.imports() {
			for library, keeper := range keepers {
				if within(path, library) && !within(f.pkg, keeper) {
					t.Errorf("%s imports %s; only %s may", f.path, path, keeper)
				}
			}
		}
	}
}

func TestOneFileWritesLocation(t *testing.T) {
	for _, f := range source(t) {
		if f.test || isTestOnly(f.pkg) || f.path == locationFile || f.pkg == describesLocation {
			continue
		}
		for _, position := range redirects(f) {
			t.Errorf("%s: a redirect outside %s", position, locationFile)
		}
	}
}

// redirects finds the name of the Location header and uses of http.Redirect.
func redirects(f file) []token.Position {
	var found []token.Position
	ast.Inspect(f.ast, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.BasicLit:
			if n.Kind == token.STRING && strings.EqualFold(strings.Trim(n.Value, "\"`"), "location") {
				found = append(found, f.set.Position(n.Pos()))
			}
		case *ast.SelectorExpr:
			pkg, _ := n.X.(*ast.Ident)
			if pkg != nil && pkg.Name == "http" && (n.Sel.Name == "Redirect" || n.Sel.Name == "RedirectHandler") {
				found = append(found, f.set.Position(n.Pos()))
			}
		}
		return true
	})
	return found
}

// A user may be barred between the question and the answer: KeepSession knows.
func TestSessionsAreStoredByAuth(t *testing.T) {
	for _, f := range source(t) {
		if f.test || f.pkg == "internal/auth" || f.pkg == "internal/store" {
			continue
		}
		ast.Inspect(f.ast, func(node ast.Node) bool {
			if n, ok := node.(*ast.SelectorExpr); ok && strings.HasPrefix(n.Sel.Name, "CreateSession") {
				t.Errorf("%s: a session is stored outside internal/auth", f.set.Position(n.Pos()))
			}
			return true
		})
	}
}

func TestRedirectsAreFound(t *testing.T) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "handler.go", `package handler

func handle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", target)
	w.Header()["location"] = []string{target}
	http.Redirect(w, r, target, 302)
	w.Header().Set("Allocation", "Location: elsewhere")
}`, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if found := redirects(file{ast: parsed, set: set}); len(found) != 3 {
		t.Errorf("found %d of 3 redirects: %v", len(found), found)
	}
}

func TestMayImport(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"internal/store", "internal/schema", true},
		{"internal/schema", "internal/store", false},
		{"internal/store", "internal/store/db", true},
		{"internal/plugin/jwt", "internal/auth", true},
		{"internal/plugin/jwt", "internal/plugin/bearer", false},
		{"internal/plugin/jwt/claims", "internal/plugin/jwt", true},
		{"internal/plugin/jwt", "internal/plugin/jwt/claims", true},
		{"internal/auth", "internal/plugin/jwt", false},
		{"cmd/sallyport", "internal/server", true},
		{"internal/server", "cmd/sallyport", false},
		{"internal/storefront", "internal/schema", false}, // no room of that name
		{"internal/server", "internal/storefront", false},
	} {
		if got := mayImport(c.from, c.to); got != c.want {
			t.Errorf("mayImport(%q, %q) = %v", c.from, c.to, got)
		}
	}
}
