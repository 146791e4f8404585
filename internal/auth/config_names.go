package auth

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// UserColumns, SessionColumns, AccountColumns and VerificationColumns give the columns of core fields by
// the fields' names. Fields of the configuration name theirs themselves.
type (
	UserColumns         map[string]string
	SessionColumns      map[string]string
	AccountColumns      map[string]string
	VerificationColumns map[string]string
)

// CheckOption refuses names of no field.
func (c UserColumns) CheckOption() error { return checkColumns("user", c) }

// CheckOption refuses names of no field.
func (c SessionColumns) CheckOption() error { return checkColumns("session", c) }

// CheckOption refuses names of no field.
func (c AccountColumns) CheckOption() error { return checkColumns("account", c) }

// CheckOption refuses names of no field.
func (c VerificationColumns) CheckOption() error { return checkColumns("verification", c) }

func checkColumns(model string, columns map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		switch {
		case name == "id":
			return fmt.Errorf("names a column for id, which is always called that")
		case !schema.IsCore(model, name):
			return fmt.Errorf("names a column for %q, which is no field of a %s; a field of additionalFields has its fieldName", name, model)
		case columns[name] == "":
			return fmt.Errorf("gives %s a column without a name; name one, or leave %s out", name, name)
		}
	}
	return nil
}

// Renames gives the names of tables and columns that a configuration changes.
func Renames(cfg *Config) []schema.Table {
	return []schema.Table{
		schema.Renamed("user", cfg.User.ModelName, cfg.User.Fields),
		schema.Renamed("session", cfg.Session.ModelName, cfg.Session.Fields),
		schema.Renamed("account", cfg.Account.ModelName, cfg.Account.Fields),
		schema.Renamed("verification", cfg.Verification.ModelName, cfg.Verification.Fields),
	}
}
