package server

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// checkIndexes tells where finding rows has become work.
func (k *checker) checkIndexes(ctx context.Context, set *schema.Set) {
	advice, err := migrate.Advise(ctx, MigrateOptions(k.cfg, set, k.log))
	if err != nil {
		k.add(LevelError, "indexes", "%v", err)
		return
	}
	lacking, unsearchable := map[string]bool{}, map[string]bool{}
	for _, a := range advice {
		if len(a.Steps) > 0 {
			lacking[a.Table] = true
		} else {
			unsearchable[a.Table] = true
		}
	}
	if len(lacking) > 0 {
		k.add(LevelWarning, "indexes", "rows of large tables are found by walking through them (%s): `sallyport migrate plan` tells which, `sallyport migrate up --indexes` makes what is missing",
			sortedNames(lacking))
	} else {
		k.add(LevelOK, "indexes", "rows are found quickly enough")
	}
	if len(unsearchable) > 0 {
		k.add(LevelWarning, "indexes", "a search for a part of a text walks through a large table (%s): run `create extension pg_trgm` as its owner, then `sallyport migrate up --indexes`",
			sortedNames(unsearchable))
	}
}

func sortedNames(set map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), ", ")
}
