package twofactor

import (
	"cmp"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Config holds the options of the twoFactor plugin.
type Config struct {
	Issuer                   string            `yaml:"issuer" doc:"The name that authenticator apps show; default is appName."`
	TOTPOptions              TOTPConfig        `yaml:"totpOptions"`
	OTPOptions               OTPConfig         `yaml:"otpOptions"`
	BackupCodeOptions        BackupCodesConfig `yaml:"backupCodeOptions"`
	SkipVerificationOnEnable bool              `yaml:"skipVerificationOnEnable" doc:"Whether an authenticator app counts before it has shown a first right code."`
	AllowPasswordless        bool              `yaml:"allowPasswordless" doc:"Whether users who have no password manage their second factor without one."`
	TwoFactorCookieMaxAge    config.Duration   `yaml:"twoFactorCookieMaxAge" default:"600" min:"1" doc:"How long a sign-in waits for the second factor."`
	TrustDeviceMaxAge        config.Duration   `yaml:"trustDeviceMaxAge" default:"2592000" min:"1" doc:"How long a trusted device is not asked again, counted from its last sign-in."`
	AccountLockout           LockoutConfig     `yaml:"accountLockout"`
	Gate                     string            `yaml:"gate" enum:"all,password" default:"all" doc:"After which first factors the second is asked: all, or password for those with a password alone, as in Better Auth."`
	TwoFactorTable           string            `yaml:"twoFactorTable" doc:"The table of secrets; default is twoFactor."`
	Schema                   SchemaConfig      `yaml:"schema"`
}

// TOTPConfig holds the options for codes of authenticator apps.
type TOTPConfig struct {
	Digits            int             `yaml:"digits" default:"6" min:"6" max:"8" doc:"How many digits a code has."`
	Period            config.Duration `yaml:"period" default:"30" min:"1" max:"3600" doc:"How long each code lasts."`
	Disable           bool            `yaml:"disable" doc:"Whether authenticator apps are not offered."`
	AllowPasswordless *bool           `yaml:"allowPasswordless" doc:"The same for /two-factor/get-totp-uri alone; default is allowPasswordless of the plugin."`
}

// OTPConfig holds the options for codes that are sent.
type OTPConfig struct {
	SendOTP         bool   `yaml:"sendOTP" doc:"Whether codes are sent to users by e-mail."`
	Period          int    `yaml:"period" default:"3" min:"1" max:"1440" doc:"How long a code counts, in minutes."`
	Digits          int    `yaml:"digits" default:"6" min:"4" max:"32" doc:"How many digits a code has."`
	AllowedAttempts int    `yaml:"allowedAttempts" default:"5" min:"1" max:"100" doc:"How many wrong tries a code bears."`
	StoreOTP        string `yaml:"storeOTP" enum:"plain,hashed,encrypted" default:"plain" doc:"How codes lie in the database."`
}

// BackupCodesConfig holds the options for the codes that users keep for the case
// that everything else is lost.
type BackupCodesConfig struct {
	Amount                    int          `yaml:"amount" default:"10" min:"1" max:"100" doc:"How many codes a user gets."`
	Length                    int          `yaml:"length" default:"10" min:"6" max:"64" doc:"How many letters and digits a code has, besides the hyphen."`
	StoreBackupCodes          string       `yaml:"storeBackupCodes" enum:"encrypted,plain" default:"encrypted" doc:"How codes lie in the database."`
	AllowPasswordless         *bool        `yaml:"allowPasswordless" doc:"The same for /two-factor/generate-backup-codes alone; default is allowPasswordless of the plugin."`
	CustomBackupCodesGenerate config.Never `yaml:"customBackupCodesGenerate" instead:"use amount and length"`
}

// LockoutConfig holds the options for what follows many wrong codes of one user
// at sign-in.
type LockoutConfig struct {
	Enabled           *bool           `yaml:"enabled" default:"true" doc:"Whether wrong codes at sign-in are counted for each user."`
	MaxFailedAttempts int             `yaml:"maxFailedAttempts" default:"10" min:"1" max:"1000000" doc:"How many wrong codes in a row shut the second factor of a user."`
	DurationSeconds   config.Duration `yaml:"durationSeconds" default:"900" min:"1" doc:"How long it stays shut."`
}

// SchemaConfig holds the names of the plugin's table and columns.
type SchemaConfig struct {
	User      UserNames  `yaml:"user"`
	TwoFactor TableNames `yaml:"twoFactor"`
}

// UserNames are the names of the columns that users get.
type UserNames struct {
	ModelName config.Never      `yaml:"modelName" instead:"use user.modelName"`
	Fields    map[string]string `yaml:"fields" doc:"The column of twoFactorEnabled; default is the field's name."`
}

// TableNames are the names of the table of secrets.
type TableNames struct {
	ModelName string            `yaml:"modelName" doc:"The table of secrets, where twoFactorTable does not name it; default is twoFactor."`
	Fields    map[string]string `yaml:"fields" doc:"Columns of that table by field name; default is the field's name."`
}

// CheckOption refuses names of no field.
func (n UserNames) CheckOption() error { return Tables[0].CheckColumns(n.Fields) }

// CheckOption refuses names of no field.
func (n TableNames) CheckOption() error { return Tables[1].CheckColumns(n.Fields) }

// Renames gives the names of the plugin's table and columns that a
// configuration changes.
func (c *Config) Renames() []schema.Table {
	name := cmp.Or(c.TwoFactorTable, c.Schema.TwoFactor.ModelName)
	return []schema.Table{
		schema.Renamed("user", "", c.Schema.User.Fields),
		schema.Renamed("twoFactor", name, c.Schema.TwoFactor.Fields),
	}
}

// or gives what is to be set where an option of a part says nothing.
func or(part *bool, whole bool) bool {
	if part != nil {
		return *part
	}
	return whole
}
