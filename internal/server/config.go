package server

import (
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/redis"
	"github.com/sallyport-auth/sallyport/internal/social"
	"github.com/sallyport-auth/sallyport/internal/trace"
)

// Config is the whole configuration: Better Auth's options under their own
// names, and messaging and server, which are ours.
type Config struct {
	auth.Config      `yaml:",inline"`
	RateLimit        ratelimit.Config `yaml:"rateLimit"`
	Plugins          Plugins          `yaml:"plugins" doc:"The plugins that are on, by the name of their export; the order of the keys is the plugin order."`
	Social           social.Config    `yaml:",inline"`
	Database         DatabaseConfig   `yaml:"database"`
	SecondaryStorage redis.Config     `yaml:"secondaryStorage"`
	Messaging        mail.Config      `yaml:"messaging"`
	Server           ServerConfig     `yaml:"server"`
	// Starter tells that there is no file, and the starter configuration applies.
	Starter bool
	// What follows is set by the environment alone.
	LogFormat   string       `yaml:"-" env:"LOG_FORMAT" enum:"text,json" default:"text" doc:"The form of the log: text or json."`
	ConfigFile  string       `yaml:"-" env:"SALLYPORT_CONFIG" doc:"The configuration file where --config names none; default is sallyport.yaml if it is there."`
	DataDir     string       `yaml:"-" env:"SALLYPORT_DATA" doc:"The folder of the private Postgres and of a secret made at start; default is .sallyport."`
	Traces      trace.Config `yaml:",inline"`
	NoTelemetry config.Never `yaml:"-" env:"BETTER_AUTH_TELEMETRY*" instead:"leave it out, this server sends no telemetry"`
}

// Misnamed names the options that are often looked for under another name, in
// whatever section.
func (Config) Misnamed() map[string]string {
	return map[string]string{
		"windowMs": "rateLimit.window, in seconds",
		"trustKey": "advanced.ipAddress.trustedProxies",
	}
}

// DatabaseConfig says where the database is.
type DatabaseConfig struct {
	URL        config.Secret `yaml:"url" env:"DATABASE_URL" doc:"A Postgres connection URL; without one the server runs a private Postgres."`
	DirectURL  config.Secret `yaml:"directUrl" env:"DATABASE_DIRECT_URL" doc:"A connection URL past any pooler, for migrations; default is the other one."`
	SchemaName string        `yaml:"schemaName" doc:"The schema of Better Auth's tables; default is the first of the connection's search_path."`

	Dialect     config.Never `yaml:"dialect" instead:"leave it out, the database is always Postgres"`
	Type        config.Never `yaml:"type" instead:"leave it out, the database is always Postgres"`
	Casing      config.Never `yaml:"casing" instead:"leave it out, columns have Better Auth's names"`
	Transaction config.Never `yaml:"transaction" instead:"leave it out, what belongs together is always one transaction"`
	DebugLogs   config.Never `yaml:"debugLogs" instead:"set logger.level to debug"`
}

// ServerConfig holds the options of the server itself.
type ServerConfig struct {
	Mode       string         `yaml:"mode" enum:"development,production" doc:"What the server is for; default is development with a private Postgres, else production."`
	Listen     string         `yaml:"listen" doc:"The address to listen on as host:port; default is HOST and PORT, in development on this machine alone."`
	Host       string         `yaml:"-" env:"HOST" doc:"The host to listen on."`
	Port       int            `yaml:"-" env:"PORT" default:"8080" min:"1" max:"65535" doc:"The port to listen on."`
	Ops        OpsConfig      `yaml:"ops"`
	AccessLog  bool           `yaml:"accessLog" doc:"Whether each request is logged, in a line of its own whatever logger.level says."`
	BodyLimit  int            `yaml:"bodyLimit" default:"1048576" min:"1" doc:"The largest request body in bytes."`
	MaxConns   int            `yaml:"maxConnections" default:"2048" min:"1" doc:"How many connections are open at once on the public listener; from one address, trusted proxies aside, a sixteenth of them but at least 64."`
	Timeouts   TimeoutsConfig `yaml:"timeouts"`
	HashSlots  int            `yaml:"hashSlots" min:"0" max:"1024" doc:"How many cores hash passwords at the same time, each in 32 MiB, or in 64 MiB for two side by side where the processor can (AVX2); default is the number of cores, one fewer where there are more than two."`
	Schema     string         `yaml:"schema" default:"sallyport" doc:"The schema of the server's own tables."`
	TLS        TLSConfig      `yaml:"tls"`
	Throttle   string         `yaml:"throttle" enum:"on,observe,off" default:"on" doc:"Whether failed sign-ins are limited per account; observe counts and logs and refuses nobody."`
	Audit      AuditConfig    `yaml:"audit"`
	OldSecrets *bool          `yaml:"acceptOldSecrets" default:"true" doc:"Whether what an older one of secrets has signed still counts: cookies, which are signed anew in the next answer, bearer tokens and mailed links. Better Auth refuses it, so that a change of secret signs everybody out: false is for while it works on the same database, and for after a leak."`
	Outbound   OutboundConfig `yaml:"outbound"`
	CORS       *bool          `yaml:"cors" default:"true" doc:"Whether browsers on trustedOrigins are given CORS headers; false is for a proxy in front that gives them."`
}

// TLSConfig names the files with which the public listener speaks HTTPS.
type TLSConfig struct {
	Cert string `yaml:"cert" doc:"A PEM file with the certificate, followed by those that lead to its issuer; default is none, which means plain HTTP."`
	Key  string `yaml:"key" doc:"A PEM file with the certificate's private key. Both files are read again when they change."`
}

// On reports whether the public listener speaks HTTPS.
func (c TLSConfig) On() bool { return c.Cert != "" }

// AuditConfig holds the options of the audit log.
type AuditConfig struct {
	Enabled   *bool           `yaml:"enabled" default:"true" doc:"Whether the server writes down who did what, in the database."`
	Retention config.Duration `yaml:"retention" default:"7776000" min:"86400" doc:"How long that is kept, a day or more; it is deleted then."`
}

// OutboundConfig holds the options of what the server asks other servers.
type OutboundConfig struct {
	Allow outbound.Networks `yaml:"allow" doc:"Addresses and CIDR ranges of the own network that identity providers may have. Those of any private network are refused otherwise, whatever name leads there."`
}

// OpsConfig holds the options of the listener for operators.
type OpsConfig struct {
	Listen string `yaml:"listen" env:"OPS_ADDR" doc:"The address for metrics and probes as host:port; default is none."`
	Pprof  bool   `yaml:"pprof" doc:"Whether profiles of the running server can be taken there, under /debug/pprof/."`
}

// TimeoutsConfig bounds how long things may take.
type TimeoutsConfig struct {
	Read    config.Duration `yaml:"read" default:"15" min:"1" doc:"How long a client may take to send a request."`
	Write   config.Duration `yaml:"write" default:"30" min:"1" doc:"How long an answer may take from the end of the request's headers."`
	Idle    config.Duration `yaml:"idle" default:"120" min:"1" doc:"How long an idle connection is kept."`
	Request config.Duration `yaml:"request" default:"15" min:"1" doc:"How long the server works on a request, its queries included."`
	// Drain is settled by Complete.
	Drain *config.Duration `yaml:"drain" min:"0" doc:"How long a server that was told to stop goes on answering while its readiness is off, so that balancers take it out; default is 5 s, in development none."`
}
