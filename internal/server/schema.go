package server

import (
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Schema composes the tables of the core and of the enabled plugins, in the
// order of the configuration, and the counters of requests where they are kept
// in the database, then the fields that it adds and the names that it gives.
func Schema(cfg *Config) (*schema.Set, error) {
	parts := [][]schema.Table{schema.Core}
	for _, name := range cfg.Plugins.Order() {
		if tables := features[name].tables; tables != nil {
			parts = append(parts, tables(cfg))
		}
	}
	parts = append(parts, cfg.RateLimit.Tables())
	further, err := auth.FurtherFields(&cfg.Config)
	if err != nil {
		return nil, err
	}
	set, err := schema.NewSet(append(parts, further, auth.Renames(&cfg.Config))...)
	if err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	set.IDs = cfg.Advanced.Database.GenerateID.Type
	return set, nil
}
