package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// Config holds Better Auth's core options under their own names and with their own defaults. It is
// part of the file's top level. config.SetDefaults fills in what was left out.
type Config struct {
	AppName        string          `yaml:"appName" default:"Better Auth" doc:"The application's name in messages and second-factor apps."`
	BaseURL        string          `yaml:"baseURL" env:"BETTER_AUTH_URL,NEXT_PUBLIC_BETTER_AUTH_URL,PUBLIC_BETTER_AUTH_URL,NUXT_PUBLIC_BETTER_AUTH_URL,NUXT_PUBLIC_AUTH_URL,BASE_URL!=/" laterObject:"with allowedHosts" doc:"The public address of this server; a path in it replaces basePath."`
	BasePath       string          `yaml:"basePath" default:"/api/auth" doc:"The path under which the API answers."`
	Secret         config.Secret   `yaml:"secret" env:"BETTER_AUTH_SECRET,AUTH_SECRET" doc:"The secret that signs cookies and encrypts stored keys; at least 32 random characters."`
	Secrets        Secrets         `yaml:"secrets" env:"BETTER_AUTH_SECRETS" doc:"Versioned secrets; the first is used for new values and the others still read old ones. The variable is a comma list of version:value."`
	TrustedOrigins []string        `yaml:"trustedOrigins" env:"+BETTER_AUTH_TRUSTED_ORIGINS" doc:"Origins, wildcards allowed, that may call the API and be redirected to; the variable, a comma list, adds to the file's."`
	DisabledPaths  []string        `yaml:"disabledPaths" doc:"API paths, without the base path, that answer 404."`
	Logger         LoggerConfig    `yaml:"logger"`
	Telemetry      TelemetryConfig `yaml:"telemetry"`
	Experimental   Experimental    `yaml:"experimental"`

	EmailAndPassword  EmailAndPasswordConfig  `yaml:"emailAndPassword"`
	EmailVerification EmailVerificationConfig `yaml:"emailVerification"`
	User              UserConfig              `yaml:"user"`
	Session           SessionConfig           `yaml:"session"`
	Account           AccountConfig           `yaml:"account"`
	Verification      VerificationConfig      `yaml:"verification"`
	Advanced          AdvancedConfig          `yaml:"advanced"`
	DatabaseHooks     DatabaseHooksConfig     `yaml:"databaseHooks"`
	Hooks             HooksConfig             `yaml:"hooks"`
	OnAPIError        OnAPIErrorConfig        `yaml:"onAPIError"`
}

// LoggerConfig holds the logger options.
type LoggerConfig struct {
	Level         string       `yaml:"level" env:"LOG_LEVEL" enum:"debug,info,warn,error" default:"warn" doc:"The least severe message that is logged."`
	Disabled      config.Never `yaml:"disabled" instead:"set logger.level to error"`
	DisableColors config.Never `yaml:"disableColors" instead:"leave it out, the log has no colours"`
	Log           config.Never `yaml:"log" instead:"leave it out, the log goes to stderr"`
}

// TelemetryConfig holds the telemetry options, none of which applies: this server sends none.
type TelemetryConfig struct {
	Enabled config.Never `yaml:"enabled" instead:"leave it out, this server sends no telemetry"`
	Debug   config.Never `yaml:"debug" instead:"leave it out, this server sends no telemetry"`
}

// Experimental holds the options that Better Auth calls experimental.
type Experimental struct {
	Instrumentation InstrumentationConfig `yaml:"instrumentation"`
}

// InstrumentationConfig holds the tracing switch.
type InstrumentationConfig struct {
	Enabled config.Never `yaml:"enabled" instead:"leave it out, traces are to be set up by OTEL_* variables"`
}

// OnAPIErrorConfig holds the options for errors.
type OnAPIErrorConfig struct {
	ErrorURL                  string       `yaml:"errorURL" doc:"The page a browser is sent to when a redirecting flow fails; default is the error page under the base URL."`
	Throw                     config.Never `yaml:"throw" instead:"leave it out, an error is always answered"`
	OnError                   config.Never `yaml:"onError" instead:"read the log, every server error is there once"`
	CustomizeDefaultErrorPage config.Later `yaml:"customizeDefaultErrorPage" doc:"Colours, sizes and fonts of the built-in error page."`
}
