package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Uninstall removes what is sallyport's alone, and returns what it did: the
// extra indexes and our own schema with everything in it. Better Auth's tables
// and their rows stay.
func Uninstall(ctx context.Context, o Options) ([]Step, error) {
	conn, err := connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	defer closeQuietly(ctx, conn)
	if err := takeTurn(ctx, conn, lockID); err != nil {
		return nil, fmt.Errorf("waiting for a migration: %w", err)
	}
	var steps []Step
	err = patiently(ctx, conn, o.Patience, func(tx pgx.Tx) error {
		if steps, err = removals(ctx, tx, o); err != nil {
			return err
		}
		return apply(ctx, tx, steps)
	})
	return steps, err
}

// removals lists what is ours in the database.
func removals(ctx context.Context, tx pgx.Tx, o Options) ([]Step, error) {
	there, err := readCatalogue(ctx, tx, o.Schema, o.OwnSchema)
	if err != nil {
		return nil, err
	}
	if err := checkOwnName(ctx, tx, o.OwnSchema, there.schema); err != nil {
		return nil, err
	}
	var steps []Step
	for _, index := range there.indexes {
		if strings.HasPrefix(index.name, extraPrefix) {
			steps = append(steps, Step{"drop index " + index.name, "drop index " + there.qualified(index.name)})
		}
	}
	var exists bool
	err = tx.QueryRow(ctx, "select exists (select from pg_namespace where nspname = $1)", o.OwnSchema).Scan(&exists)
	if err != nil {
		return nil, fmt.Errorf("looking for schema %s: %w", o.OwnSchema, err)
	}
	if exists {
		steps = append(steps, Step{"drop schema " + o.OwnSchema, "drop schema " + quote(o.OwnSchema) + " cascade"})
	}
	return steps, nil
}
