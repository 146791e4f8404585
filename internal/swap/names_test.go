package swap_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// found completes a configuration that has none of the names as somebody would
// who is told them by `sallyport migrate plan`.
func found(options string) func(t *testing.T, database string) string {
	return func(t *testing.T, database string) string {
		t.Helper()
		cfg := authtest.Config(t, options)
		cfg.Database.URL = config.NewSecret(database)
		set, err := server.Schema(cfg)
		if err != nil {
			t.Fatal(err)
		}
		err = migrate.Up(t.Context(), server.MigrateOptions(cfg, set, slog.New(slog.DiscardHandler)))
		names := new(migrate.OtherNames)
		if !errors.As(err, &names) {
			t.Fatalf("the tables are not seen: %v", err)
		}
		var whole, told map[string]any
		if err := errors.Join(json.Unmarshal([]byte(options), &whole), yaml.Unmarshal([]byte(server.NamesFound(cfg, names)), &told)); err != nil {
			t.Fatal(err)
		}
		merge(whole, told)
		return asJSON(t, whole)
	}
}

// merge puts what is in more into whole.
func merge(whole, more map[string]any) {
	for name, value := range more {
		inner, isMap := value.(map[string]any)
		if there, both := whole[name].(map[string]any); isMap && both {
			merge(there, inner)
			continue
		}
		whole[name] = value
	}
}
