package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// EmailAndPasswordConfig holds the options for signing in with an address and a password.
type EmailAndPasswordConfig struct {
	Enabled                     bool            `yaml:"enabled" doc:"Whether users sign up and in with an address and a password."`
	DisableSignUp               bool            `yaml:"disableSignUp" doc:"Whether sign-up is closed while sign-in stays open."`
	RequireEmailVerification    bool            `yaml:"requireEmailVerification" doc:"Whether an unproven address may not sign in."`
	MinPasswordLength           int             `yaml:"minPasswordLength" default:"8" min:"0" doc:"The fewest characters of a new password; 0 means the default."`
	MaxPasswordLength           int             `yaml:"maxPasswordLength" default:"128" min:"0" doc:"The most UTF-16 units of a new password; 0 means the default."`
	AutoSignIn                  *bool           `yaml:"autoSignIn" default:"true" doc:"Whether sign-up makes a session."`
	SendResetPassword           bool            `yaml:"sendResetPassword" doc:"Whether the server mails the password reset link."`
	ResetPasswordTokenExpiresIn config.Duration `yaml:"resetPasswordTokenExpiresIn" default:"3600" min:"0" doc:"How long a reset link counts; 0 means the default."`
	OnPasswordReset             bool            `yaml:"onPasswordReset" doc:"Whether the owner is told that the password was reset."`
	RevokeSessionsOnReset       bool            `yaml:"revokeSessionsOnPasswordReset" doc:"Whether a reset ends the user's sessions."`
	Password                    PasswordConfig  `yaml:"password"`
	OnExistingUserSignUp        bool            `yaml:"onExistingUserSignUp" doc:"Whether the owner of an address is told that somebody tried to sign up with it."`
	CustomSyntheticUser         config.Never    `yaml:"customSyntheticUser" instead:"leave it out, the server makes that answer look like a real one by itself"`
}

// PasswordConfig holds the functions that replace hashing, which have no file form.
type PasswordConfig struct {
	Hash   config.Never `yaml:"hash" instead:"leave it out: new passwords are hashed with scrypt as Better Auth's default does, and stored hashes of bcrypt, Argon2, scrypt and PBKDF2 are known"`
	Verify config.Never `yaml:"verify" instead:"leave it out: new passwords are hashed with scrypt as Better Auth's default does, and stored hashes of bcrypt, Argon2, scrypt and PBKDF2 are known"`
}

// EmailVerificationConfig holds the options for proving an address.
type EmailVerificationConfig struct {
	SendVerificationEmail       bool            `yaml:"sendVerificationEmail" doc:"Whether the server mails the verification link."`
	SendOnSignUp                *bool           `yaml:"sendOnSignUp" doc:"Whether that mail is sent on sign-up; unset follows requireEmailVerification."`
	SendOnSignIn                bool            `yaml:"sendOnSignIn" doc:"Whether that mail is sent when an unproven address signs in."`
	AutoSignInAfterVerification bool            `yaml:"autoSignInAfterVerification" doc:"Whether the link makes a session."`
	ExpiresIn                   config.Duration `yaml:"expiresIn" default:"3600" min:"1" doc:"How long a verification link counts."`
	BeforeEmailVerification     config.Later    `yaml:"beforeEmailVerification" doc:"What is asked before an address counts as proven."`
	AfterEmailVerification      config.Later    `yaml:"afterEmailVerification" doc:"What is told after an address was proven."`
}
