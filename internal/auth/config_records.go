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
	UpdateAccountOnSignIn config.Later     `yaml:"updateAccountOnSignIn" doc:"Whether a social sign-in stores the provider's new tokens."`
	AccountLinking        AccountLinking   `yaml:"accountLinking"`
	EncryptOAuthTokens    bool             `yaml:"encryptOAuthTokens" doc:"Whether access and refresh tokens of providers are stored encrypted; ID tokens are not."`
	StoreStateStrategy    config.Later     `yaml:"storeStateStrategy" doc:"Where the state of a social sign-in is kept: database or cookie."`
	SkipStateCookieCheck  config.Later     `yaml:"skipStateCookieCheck" doc:"Whether the cookie that binds a social sign-in to its browser is not checked."`
	StoreAccountCookie    bool             `yaml:"storeAccountCookie" doc:"Whether the account of the last social sign-in, its tokens included, is also kept in an encrypted cookie for session.cookieCache.maxAge."`
}

// AccountLinking holds the options for joining login methods to one user.
type AccountLinking struct {
	Enabled                   config.Later `yaml:"enabled" doc:"Whether a second login method may join a user."`
	DisableImplicitLinking    config.Later `yaml:"disableImplicitLinking" doc:"Whether that happens only when the user asks for it."`
	RequireLocalEmailVerified config.Later `yaml:"requireLocalEmailVerified" doc:"Whether the user's own address must be proven first."`
	TrustedProviders          config.Later `yaml:"trustedProviders" doc:"Providers whose addresses count as proven."`
	AllowDifferentEmails      config.Later `yaml:"allowDifferentEmails" doc:"Whether the addresses may differ."`
	AllowUnlinkingAll         bool         `yaml:"allowUnlinkingAll" doc:"Whether the last login method may be removed."`
	UpdateUserInfoOnLink      config.Later `yaml:"updateUserInfoOnLink" doc:"Whether linking takes over the provider's name and image."`
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
