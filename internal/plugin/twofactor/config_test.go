package twofactor

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

func TestDefaultsOfOptions(t *testing.T) {
	t.Parallel()
	var cfg Config
	config.SetDefaults(&cfg)
	for name, got := range map[string]any{
		"digits": cfg.TOTPOptions.Digits == 6, "period": cfg.TOTPOptions.Period.Std() == 30*time.Second,
		"sent digits": cfg.OTPOptions.Digits == 6, "minutes": cfg.OTPOptions.Period == 3, "tries": cfg.OTPOptions.AllowedAttempts == 5,
		"stored": cfg.OTPOptions.StoreOTP == "plain", "backup": cfg.BackupCodeOptions.StoreBackupCodes == "encrypted",
		"amount": cfg.BackupCodeOptions.Amount == 10, "length": cfg.BackupCodeOptions.Length == 10,
		"waits": cfg.TwoFactorCookieMaxAge.Std() == 10*time.Minute, "trusts": cfg.TrustDeviceMaxAge.Std() == 30*24*time.Hour,
		"lockout": *cfg.AccountLockout.Enabled, "wrong codes": cfg.AccountLockout.MaxFailedAttempts == 10,
		"shut": cfg.AccountLockout.DurationSeconds.Std() == 15*time.Minute, "gate": cfg.Gate == "all",
	} {
		if got != true {
			t.Errorf("the default of %s is another", name)
		}
	}
}

func TestNamesOfTableAndColumns(t *testing.T) {
	t.Parallel()
	cfg := Config{TwoFactorTable: "second", Schema: SchemaConfig{
		User:      UserNames{Fields: map[string]string{"twoFactorEnabled": "has_second"}},
		TwoFactor: TableNames{ModelName: "ignored", Fields: map[string]string{"secret": "s", "userId": "user_id"}},
	}}
	set := schema.MustNewSet(schema.Core, Tables, cfg.Renames())
	table := set.Table("twoFactor")
	if table.TableName() != "second" || table.Field("secret").ColumnName() != "s" || table.Field("userId").ColumnName() != "user_id" {
		t.Errorf("the table is %+v", table)
	}
	if got := set.Table("user").Field("twoFactorEnabled").ColumnName(); got != "has_second" {
		t.Errorf("users have %s", got)
	}
	cfg.TwoFactorTable = ""
	if got := schema.MustNewSet(schema.Core, Tables, cfg.Renames()).Table("twoFactor").TableName(); got != "ignored" {
		t.Errorf("schema.twoFactor.modelName gives %s", got)
	}
}
