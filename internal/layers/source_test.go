package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the folder of the module as seen from this package's tests.
const root = "../.."

// file is one parsed Go file of the project.
type file struct {
	path string // from the module's root, with slashes
	pkg  string // the folder of path
	test bool
	ast  *ast.File
	set  *token.FileSet
}

// imports gives the imported paths.
func (f file) imports() []string {
	paths := make([]string, 0, len(f.ast.Imports))
	for _, spec := range f.ast.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has accepted it
		}
		paths = append(paths, path)
	}
	return paths
}

// own gives the imported packages of this module, as paths inside it.
func (f file) own() []string {
	var packages []string
	for _, path := range f.imports() {
		if rest, ok := strings.CutPrefix(path, Module+"/"); ok {
			packages = append(packages, rest)
		}
	}
	return packages
}

// source parses every Go file of the module. Folders with a go.mod of their own are other modules.
func source(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && skipped(path, entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		files = append(files, parse(t, path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func skipped(path, name string) bool {
	if path == root {
		return false
	}
	other, _ := filepath.Glob(filepath.Join(path, "go.mod"))
	return name[0] == '.' || name == "node_modules" || name == "testdata" || len(other) > 0
}

func parse(t *testing.T, path string) file {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		t.Fatal(err)
	}
	relative = filepath.ToSlash(relative)
	return file{
		path: relative, pkg: filepath.ToSlash(filepath.Dir(relative)),
		test: strings.HasSuffix(path, "_test.go"), ast: parsed, set: set,
	}
}
