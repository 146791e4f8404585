package jwt

import (
	"errors"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Config holds the options of the jwt plugin.
type Config struct {
	JWKS                    JWKSConfig    `yaml:"jwks"`
	JWT                     TokenConfig   `yaml:"jwt"`
	DisableSettingJWTHeader bool          `yaml:"disableSettingJwtHeader" doc:"Whether /get-session answers without the set-auth-jwt header."`
	SessionCookieCache      bool          `yaml:"sessionCookieCache" doc:"Whether the session cookie cache (session.cookieCache, strategy jwt) is signed with these keys, so that who reads it needs no secret."`
	Schema                  SchemaConfig  `yaml:"schema"`
	Adapter                 AdapterConfig `yaml:"adapter"`
}

// SchemaConfig holds the names of the plugin's table and its columns.
type SchemaConfig struct {
	JWKS KeyNames `yaml:"jwks"`
}

// KeyNames are the names of the table of keys.
type KeyNames struct {
	ModelName string            `yaml:"modelName" doc:"The table of keys; default is jwks."`
	Fields    map[string]string `yaml:"fields" doc:"Columns of keys by field name; default is the field's name."`
}

// CheckOption refuses names of no field.
func (k KeyNames) CheckOption() error { return Tables[0].CheckColumns(k.Fields) }

// Renames gives the names of the plugin's table and columns that a
// configuration changes.
func (c *Config) Renames() []schema.Table {
	return []schema.Table{schema.Renamed("jwks", c.Schema.JWKS.ModelName, c.Schema.JWKS.Fields)}
}

// JWKSConfig holds the options for the signing keys.
type JWKSConfig struct {
	KeyPairConfig               KeyPairConfig    `yaml:"keyPairConfig"`
	KeyPairConfigs              config.Later     `yaml:"keyPairConfigs" doc:"Further algorithms whose keys are made when first asked for."`
	DisablePrivateKeyEncryption bool             `yaml:"disablePrivateKeyEncryption" doc:"Whether private keys are stored without encryption."`
	RotationInterval            config.Duration  `yaml:"rotationInterval" min:"0" doc:"How long a key signs before another takes over; 0 or unset means for ever."`
	GracePeriod                 *config.Duration `yaml:"gracePeriod" default:"2592000" min:"0" doc:"How long an expired key stays published."`
	JWKSPath                    string           `yaml:"jwksPath" default:"/jwks" doc:"The path of the key set under the base path."`
	RemoteURL                   config.Later     `yaml:"remoteUrl" doc:"A key set kept elsewhere, with jwt.sign."`
}

// KeyPairConfig says what new signing keys are.
type KeyPairConfig struct {
	Alg           Algorithm `yaml:"alg" enum:"EdDSA,ES256,ES512,RS256,PS256" default:"EdDSA" doc:"The algorithm that signs."`
	Crv           string    `yaml:"crv" enum:"Ed25519" doc:"The curve of an EdDSA key; the other algorithms have one each."`
	ModulusLength int       `yaml:"modulusLength" default:"2048" min:"2048" max:"16384" doc:"The size of an RSA key in bits."`
}

// CheckOption refuses what the algorithm has no use for.
func (k KeyPairConfig) CheckOption() error {
	rsa := k.Alg == "RS256" || k.Alg == "PS256"
	switch {
	case k.Crv != "" && k.Alg != "" && k.Alg != "EdDSA":
		return errors.New("has a crv, which only EdDSA leaves open; take it out")
	case k.ModulusLength != 0 && !rsa:
		return errors.New("has a modulusLength, which only keys for RS256 and PS256 have; take it out")
	}
	return nil
}

// Algorithm is the name of a signing algorithm.
type Algorithm string

// CheckOption refuses the algorithms with a shared key, and says why.
func (a Algorithm) CheckOption() error {
	switch a {
	case "HS256", "HS384", "HS512":
		return errors.New("must not be " + string(a) + ": whoever can verify with a shared key can sign too, and a key set would publish it; use EdDSA, ES256, ES512, RS256 or PS256")
	}
	return nil
}

// TokenConfig holds the options for what tokens say.
type TokenConfig struct {
	Issuer         string                 `yaml:"issuer" doc:"The iss claim; default is the origin of the base URL."`
	Audience       config.OneOrMany       `yaml:"audience" doc:"The aud claim, a text or a list; default is the origin of the base URL."`
	ExpirationTime string                 `yaml:"expirationTime" default:"15m" noNumber:"Better Auth reads a number as an absolute date; write a span such as \"15m\"" doc:"How long a token counts, as a span such as 15m or 1 hour."`
	DefinePayload  config.Ordered[string] `yaml:"definePayload" doc:"The claims of a token, each an expression over user and session; default is the whole user."`
	GetSubject     string                 `yaml:"getSubject" doc:"The sub claim, an expression over user and session; default is the user's id."`
	Sign           config.Never           `yaml:"sign" instead:"leave it out, tokens are signed with the server's own keys"`
}

// AdapterConfig holds the functions that would keep keys elsewhere, which have no file form.
type AdapterConfig struct {
	GetJWKS   config.Never `yaml:"getJwks" instead:"leave it out, keys are kept in the database"`
	CreateJWK config.Never `yaml:"createJwk" instead:"leave it out, keys are kept in the database"`
}

// Misnamed names the options that are often looked for under another name.
func (Config) Misnamed() map[string]string {
	return map[string]string{
		"algorithm": "plugins.jwt.jwks.keyPairConfig.alg",
		"expiresIn": "plugins.jwt.jwt.expirationTime",
	}
}

// Misnamed names the options that are often looked for under another name.
func (TokenConfig) Misnamed() map[string]string { return Config{}.Misnamed() }
