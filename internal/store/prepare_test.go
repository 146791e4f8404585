package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/plugin/twofactor"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Every statement prepares, whatever the schemas, tables and columns are called.
func TestEveryStatementPrepares(t *testing.T) {
	t.Parallel()
	renames := []schema.Table{
		{Model: "user", Name: "People", Fields: []schema.Field{{Name: "email", Column: "e mail"}}},
		{Model: "session", Name: "order", Fields: []schema.Field{{Name: "token", Column: `to"ken`}}},
		{Model: "account", Fields: []schema.Field{{Name: "password", Column: "select"}}},
		{Model: "jwks", Name: "the keys", Fields: []schema.Field{{Name: "publicKey", Column: "public"}, {Name: "alg", Column: "order"}}},
		{Model: "twoFactor", Name: "Second Factor", Fields: []schema.Field{{Name: "secret", Column: "shared secret"}, {Name: "userId", Column: "user"}}},
	}
	for name, o := range map[string]store.Options{
		"default": {},
		"renamed": {Schema: "Better Auth", OwnSchema: "guard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openWith(t, o, twofactor.Tables, renames, further)
			statements := s.Statements()
			maps.Copy(statements, s.NotedStatements())
			for query, text := range generated(t) {
				statements[query] = s.Renamed(text)
			}
			conn, err := s.Pool().Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			for query, text := range statements {
				if _, err := conn.Conn().Prepare(t.Context(), query, text); err != nil {
					t.Errorf("%s: %v\n%s", query, err, text)
				}
			}
		})
	}
}

// generated returns the queries that sqlc wrote, by name.
func generated(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("db/*.sql.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated queries: %v", err)
	}
	queries := map[string]string{}
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				if value, ok := spec.Values[0].(*ast.BasicLit); ok && strings.Contains(value.Value, "-- name:") {
					queries[spec.Names[0].Name], _ = strconv.Unquote(value.Value)
				}
			}
			return true
		})
	}
	return queries
}

// The names are not only accepted: what is written lands under them.
func TestSchemaNamesHaveAnEffect(t *testing.T) {
	t.Parallel()
	s := openWith(t, store.Options{Schema: "Better Auth", OwnSchema: "guard"})
	addUser(t, s, "u")
	if err := s.JWTLockRotation(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	var users, rotations int
	err := s.Pool().QueryRow(t.Context(), `select (select count(*) from "Better Auth"."user"), (select count(*) from guard.key_rotation)`).
		Scan(&users, &rotations)
	if err != nil || users != 1 || rotations != 1 {
		t.Errorf("%d users, %d rotations, error %v", users, rotations, err)
	}
	var stray bool
	err = s.Pool().QueryRow(t.Context(), `select to_regclass('public."user"') is not null or to_regnamespace('sallyport') is not null`).Scan(&stray)
	if err != nil || stray {
		t.Errorf("something is under the default names: %v, %v", stray, err)
	}
}
