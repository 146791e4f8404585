package server_test

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// Each name stands where its option is: with the core, a plugin, or the field.
// Plugins keep their order.
func TestNamesFoundStandWhereTheirOptionsAre(t *testing.T) {
	cfg := authtest.Config(t, `
user: {additionalFields: {plan: {type: string, required: false}}}
rateLimit: {storage: database}
plugins: {jwt: {}, twoFactor: {}, username: {}}
`)
	got := server.NamesFound(cfg, &migrate.OtherNames{IDs: schema.SerialIDs, Tables: []schema.Table{
		schema.Renamed("user", "users", map[string]string{"createdAt": "created_at", "plan": "PLAN", "twoFactorEnabled": "two_factor_enabled"}),
		schema.Renamed("user", "", map[string]string{"displayUsername": "display_username"}),
		schema.Renamed("twoFactor", "two_factors", map[string]string{"backupCodes": "backup_codes"}),
		schema.Renamed("rateLimit", "", map[string]string{"lastRequest": "last_request"}),
		schema.Renamed("jwks", "keys", nil),
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
  jwt:
    schema:
      jwks:
        modelName: keys
  twoFactor:
    schema:
      user:
        fields:
          twoFactorEnabled: two_factor_enabled
      twoFactor:
        modelName: two_factors
        fields:
          backupCodes: backup_codes
  username:
    schema:
      user:
        fields:
          displayUsername: display_username
`
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}
