package server_test

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// Each name stands where its option is: with the core, a plugin, or the field.
func TestNamesFoundStandWhereTheirOptionsAre(t *testing.T) {
	cfg := authtest.Config(t, `
user: {additionalFields: {plan: {type: string, required: false}}}
rateLimit: {storage: database}
plugins: {twoFactor: {}, username: {}}
`)
	got := server.NamesFound(cfg, &migrate.OtherNames{IDs: schema.SerialIDs, Tables: []schema.Table{
		schema.Renamed("user", "users", map[string]string{"createdAt": "created_at", "plan": "PLAN", "twoFactorEnabled": "two_factor_enabled"}),
		schema.Renamed("twoFactor", "two_factors", map[string]string{"backupCodes": "backup_codes"}),
		schema.Renamed("rateLimit", "", map[string]string{"lastRequest": "last_request"}),
	}})
	want := `user:
  modelName: users
  fields:
    createdAt: created_at
  additionalFields:
    plan:
      fieldName: PLAN
rateLimit:
  fields:
    lastRequest: last_request
advanced:
  database:
    generateId: serial
plugins:
  twoFactor:
    schema:
      user:
        fields:
          twoFactorEnabled: two_factor_enabled
      twoFactor:
        modelName: two_factors
        fields:
          backupCodes: backup_codes
`
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}
