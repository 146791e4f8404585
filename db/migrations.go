// Package db holds the migrations of sallyport's own schema, embedded.
//
// The tables that Better Auth defines are not among them: internal/migrate makes
// those from the field set. schema/ is what sqlc reads and is generated.
package db

import (
	"embed"
	"io/fs"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the goose migrations, named NNNN_what.sql. They name the
// schema sallyport, which the one who applies them may rename.
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded by the line above
	}
	return sub
}
