package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// AdvancedConfig holds the options under advanced.
type AdvancedConfig struct {
	IPAddress               IPAddressConfig           `yaml:"ipAddress"`
	TrustedProxyHeaders     config.Later              `yaml:"trustedProxyHeaders" doc:"Whether x-forwarded-host and x-forwarded-proto count when the base URL is unknown."`
	UseSecureCookies        *bool                     `yaml:"useSecureCookies" doc:"Whether cookies are Secure and named __Secure-...; unset follows the base URL."`
	DisableCSRFCheck        *bool                     `yaml:"disableCSRFCheck" doc:"Whether the checks against cross-site requests are off."`
	DisableOriginCheck      OriginCheckOff            `yaml:"disableOriginCheck" doc:"Whether Origin and redirect targets go unchecked; a list of paths switches it off for those alone."`
	CrossSubDomainCookies   CrossSubDomainCookies     `yaml:"crossSubDomainCookies"`
	Cookies                 map[string]CookieOverride `yaml:"cookies" doc:"Name and attributes of single cookies by their key, such as session_token."`
	DefaultCookieAttributes CookieAttributes          `yaml:"defaultCookieAttributes" doc:"Attributes that every cookie gets."`
	CookiePrefix            string                    `yaml:"cookiePrefix" default:"better-auth" doc:"What the names of cookies begin with."`
	Database                AdvancedDatabase          `yaml:"database"`
	BackgroundTasks         BackgroundTasks           `yaml:"backgroundTasks"`
	SkipTrailingSlashes     bool                      `yaml:"skipTrailingSlashes" doc:"Whether a path with a trailing slash is answered as the one without."`
}

// IPAddressConfig says how the address of a client is found.
type IPAddressConfig struct {
	IPAddressHeaders  []string `yaml:"ipAddressHeaders" default:"x-forwarded-for" doc:"Headers that may carry the client's address, first hit counts."`
	TrustedProxies    []string `yaml:"trustedProxies" doc:"Addresses and CIDR ranges whose headers count; unset means loopback and private ranges, an empty list none."`
	DisableIPTracking bool     `yaml:"disableIpTracking" doc:"Whether addresses are neither stored nor used for rate limits."`
	IPv6Subnet        *int     `yaml:"ipv6Subnet" default:"64" min:"1" max:"128" doc:"The prefix length that IPv6 addresses are cut to."`
}

// CrossSubDomainCookies shares cookies among the subdomains of one domain.
type CrossSubDomainCookies struct {
	Enabled           bool         `yaml:"enabled" doc:"Whether cookies carry a Domain attribute."`
	Domain            string       `yaml:"domain" doc:"That domain; default is the host of the base URL."`
	AdditionalCookies config.Later `yaml:"additionalCookies" doc:"Further cookies that are shared."`
}

// CookieOverride renames one cookie and changes its attributes.
type CookieOverride struct {
	Name       string           `yaml:"name" doc:"The cookie's name, in place of prefix and key."`
	Attributes CookieAttributes `yaml:"attributes" doc:"Attributes of this cookie, stronger than any other."`
}

// CookieAttributes are attributes of a cookie; an absent one leaves what the server would set.
type CookieAttributes struct {
	Domain      *string          `yaml:"domain" doc:"The Domain attribute."`
	Expires     config.Later     `yaml:"expires" doc:"The Expires attribute."`
	HTTPOnly    *bool            `yaml:"httpOnly" doc:"The HttpOnly attribute."`
	MaxAge      *config.Duration `yaml:"maxAge" doc:"The Max-Age attribute."`
	Path        *string          `yaml:"path" doc:"The Path attribute."`
	Secure      *bool            `yaml:"secure" doc:"The Secure attribute."`
	SameSite    *string          `yaml:"sameSite" enum:"strict,lax,none" fold:"true" doc:"The SameSite attribute, in any case."`
	Partitioned *bool            `yaml:"partitioned" doc:"The Partitioned attribute."`
	Prefix      config.Later     `yaml:"prefix" doc:"The name prefix, host or secure."`
}

// AdvancedDatabase holds the options for how rows are written and read.
type AdvancedDatabase struct {
	GenerateID           GenerateID   `yaml:"generateId" doc:"What ids of new rows are: uuid, or serial for numbers; default 32 random characters."`
	DefaultFindManyLimit int          `yaml:"defaultFindManyLimit" default:"100" min:"1" doc:"How many rows a list has at most."`
	Joins                config.Never `yaml:"joins" instead:"leave it out, the server joins where that is faster"`
	ValidateSchema       config.Never `yaml:"validateSchema" instead:"leave it out, the server always checks the tables at start"`
}

// BackgroundTasks holds the function that would run work after the answer.
type BackgroundTasks struct {
	Handler config.Never `yaml:"handler" instead:"leave it out, the server runs such work by itself"`
}
