package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// UserConfig holds the options for users.
type UserConfig struct {
	ModelName        string           `yaml:"modelName" doc:"The table of users; default is user."`
	Fields           UserColumns      `yaml:"fields" doc:"Columns of users by field name; default is the field's name."`
	AdditionalFields AdditionalFields `yaml:"additionalFields" doc:"Columns of yours on users, in this order."`
	ChangeEmail      ChangeEmail      `yaml:"changeEmail"`
	DeleteUser       DeleteUser       `yaml:"deleteUser"`
	ValidateUserInfo config.Later     `yaml:"validateUserInfo" doc:"What is asked before a user is made, linked or signed in."`
}

// ChangeEmail holds the options for changing an address.
type ChangeEmail struct {
	Enabled                        bool `yaml:"enabled" doc:"Whether users may change their address."`
	SendChangeEmailConfirmation    bool `yaml:"sendChangeEmailConfirmation" doc:"Whether the old address is asked to confirm."`
	UpdateEmailWithoutVerification bool `yaml:"updateEmailWithoutVerification" doc:"Whether an unproven address may be replaced at once."`
}

// DeleteUser holds the options for users who delete themselves.
type DeleteUser struct {
	Enabled                       bool            `yaml:"enabled" doc:"Whether users may delete themselves."`
	SendDeleteAccountVerification bool            `yaml:"sendDeleteAccountVerification" doc:"Whether deletion is confirmed by mail."`
	BeforeDelete                  config.Later    `yaml:"beforeDelete" doc:"What is asked before a user is deleted."`
	AfterDelete                   config.Later    `yaml:"afterDelete" doc:"What is told after a user was deleted."`
	DeleteTokenExpiresIn          config.Duration `yaml:"deleteTokenExpiresIn" default:"86400" min:"0" doc:"How long a deletion link counts; 0 means the default."`
}

// AccountConfig holds the options for login methods of a user.
type AccountConfig struct {
	ModelName             string           `yaml:"modelName" doc:"The table of accounts; default is account."`
	Fields                AccountColumns   `yaml:"fields" doc:"Columns of accounts by field name; default is the field's name."`
	AdditionalFields      AdditionalFields `yaml:"additionalFields" doc:"Columns of yours on accounts, in this order."`
	UpdateAccountOnSignIn *bool            `yaml:"updateAccountOnSignIn" default:"true" doc:"Whether a social sign-in stores the provider's new tokens."`
	AccountLinking        AccountLinking   `yaml:"accountLinking"`
	EncryptOAuthTokens    bool             `yaml:"encryptOAuthTokens" doc:"Whether access and refresh tokens of providers are stored encrypted; ID tokens are not."`
	StoreStateStrategy    string           `yaml:"storeStateStrategy" enum:"database,cookie" default:"database" doc:"Where the state of a social sign-in is kept: in the database, or encrypted in a cookie."`
	SkipStateCookieCheck  bool             `yaml:"skipStateCookieCheck" doc:"Whether a state in the database counts for every browser, which lets others end a sign-in in the user's browser."`
	StoreAccountCookie    bool             `yaml:"storeAccountCookie" doc:"Whether the account of the last social sign-in, its tokens included, is also kept in an encrypted cookie for session.cookieCache.maxAge."`
}

// AccountLinking holds the options for joining login methods to one user.
type AccountLinking struct {
	Enabled                   *bool    `yaml:"enabled" default:"true" doc:"Whether a login method of a provider may join a user who exists."`
	DisableImplicitLinking    bool     `yaml:"disableImplicitLinking" doc:"Whether that happens only when the user asks for it, signed in."`
	RequireLocalEmailVerified *bool    `yaml:"requireLocalEmailVerified" default:"true" doc:"Whether the user's own address must be proven before another login method joins by itself."`
	TrustedProviders          []string `yaml:"trustedProviders" doc:"Providers whose addresses count as verified whatever they say."`
	AllowDifferentEmails      bool     `yaml:"allowDifferentEmails" doc:"Whether a signed-in user may add a login method with another address."`
	AllowUnlinkingAll         bool     `yaml:"allowUnlinkingAll" doc:"Whether the last login method may be removed."`
	UpdateUserInfoOnLink      bool     `yaml:"updateUserInfoOnLink" doc:"Whether a new login method gives the user the provider's name, image and mapped fields."`
}

// VerificationConfig holds the options for stored one-time values.
type VerificationConfig struct {
	ModelName        string              `yaml:"modelName" doc:"The table of verifications; default is verification."`
	Fields           VerificationColumns `yaml:"fields" doc:"Columns of verifications by field name; default is the field's name."`
	AdditionalFields AdditionalFields    `yaml:"additionalFields" doc:"Columns of yours on verifications, in this order."`
	DisableCleanup   bool                `yaml:"disableCleanup" doc:"Whether expired rows stay."`
	StoreIdentifier  StoreIdentifier     `yaml:"storeIdentifier" doc:"How identifiers are stored: plain or hashed, or an object with a default and overrides by prefix."`
	StoreInDatabase  *bool               `yaml:"storeInDatabase" doc:"Whether one-time values are in the database where there is a secondary storage. They always are, so false is refused."`
}
