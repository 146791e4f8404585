package server

import (
	"reflect"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/plugin/admin"
	"github.com/sallyport-auth/sallyport/internal/plugin/bearer"
	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/plugin/oauthpopup"
	"github.com/sallyport-auth/sallyport/internal/plugin/oauthproxy"
	"github.com/sallyport-auth/sallyport/internal/plugin/onetap"
	"github.com/sallyport-auth/sallyport/internal/plugin/openapi"
	"github.com/sallyport-auth/sallyport/internal/plugin/twofactor"
	"github.com/sallyport-auth/sallyport/internal/plugin/username"
)

// Plugins holds the options of every plugin under its upstream export name; nil means off. A file that
// names a plugin without options turns it on.
type Plugins struct {
	JWT        *jwt.Config        `yaml:"jwt" doc:"Signed tokens for other services, and the key set to verify them."`
	Bearer     *bearer.Config     `yaml:"bearer" doc:"Session tokens in the Authorization header."`
	OpenAPI    *openapi.Config    `yaml:"openAPI" doc:"The API's description and a page to read it."`
	Admin      *admin.Config      `yaml:"admin" doc:"Roles, bans and other administration of users."`
	TwoFactor  *twofactor.Config  `yaml:"twoFactor" doc:"A second factor after the first."`
	Username   *username.Config   `yaml:"username" doc:"Sign-in by user name."`
	OneTap     *onetap.Config     `yaml:"oneTap" doc:"Google One Tap."`
	OAuthPopup *oauthpopup.Config `yaml:"oauthPopup" doc:"Social sign-in in a popup."`
	OAuthProxy *oauthproxy.Config `yaml:"oAuthProxy" doc:"Social sign-in for preview deployments."`

	GenericOAuth *genericoauth.Config `yaml:"genericOAuth" doc:"Social sign-in with any OAuth provider."`

	MagicLink           config.Later `yaml:"magicLink" doc:"Sign-in by a mailed link."`
	EmailOTP            config.Later `yaml:"emailOTP" doc:"Sign-in by a mailed code."`
	Organization        config.Later `yaml:"organization" doc:"Organizations, members, teams and invitations."`
	APIKey              config.Later `yaml:"apiKey" doc:"Keys for programs."`
	Passkey             config.Later `yaml:"passkey" doc:"Sign-in by passkey."`
	Anonymous           config.Later `yaml:"anonymous" doc:"Users without a login method."`
	MultiSession        config.Later `yaml:"multiSession" doc:"Several sessions in one browser."`
	OneTimeToken        config.Later `yaml:"oneTimeToken" doc:"Tokens that hand a session over once."`
	PhoneNumber         config.Later `yaml:"phoneNumber" doc:"Sign-in by telephone."`
	DeviceAuthorization config.Later `yaml:"deviceAuthorization" doc:"Sign-in on devices without a keyboard (RFC 8628)."`
	SIWE                config.Later `yaml:"siwe" doc:"Sign-in with Ethereum."`
	LastLoginMethod     config.Later `yaml:"lastLoginMethod" doc:"A cookie that remembers how the user signed in."`
	Captcha             config.Later `yaml:"captcha" doc:"Captchas before chosen endpoints."`
	HaveIBeenPwned      config.Later `yaml:"haveIBeenPwned" doc:"Refusal of leaked passwords."`
	I18n                config.Later `yaml:"i18n" doc:"Messages in the user's language."`
	CustomSession       config.Later `yaml:"customSession" doc:"An answer of your own to /get-session."`
	OAuthProvider       config.Later `yaml:"oauthProvider" doc:"An OAuth and OpenID provider."`
	SSO                 config.Later `yaml:"sso" doc:"Sign-in through a company's OIDC or SAML."`
	SCIM                config.Later `yaml:"scim" doc:"Users and groups kept in step by SCIM."`

	order []string
}

// SetOrder keeps the order in which a file or a caller names the plugins.
func (p *Plugins) SetOrder(names []string) { p.order = slices.Clone(names) }

// Order lists the plugins that are on, as the file names them: the order of hooks, columns and JSON
// keys. Plugins that no file named follow in the order of the struct.
func (p *Plugins) Order() []string {
	on := p.enabled()
	order := slices.DeleteFunc(slices.Clone(p.order), func(name string) bool { return !slices.Contains(on, name) })
	for _, name := range on {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	return order
}

// PluginNames lists all plugins, on or off, in the order of the struct.
func PluginNames() (names []string) {
	for field := range reflect.TypeFor[Plugins]().Fields() {
		if field.IsExported() {
			names = append(names, field.Tag.Get("yaml"))
		}
	}
	return names
}

// options gives the options of a plugin that is on.
func (p *Plugins) options(name string) any {
	value := reflect.ValueOf(p).Elem()
	for i := range value.NumField() {
		if value.Type().Field(i).Tag.Get("yaml") == name {
			return value.Field(i).Interface()
		}
	}
	return nil
}

// enabled lists the plugins with options, in the order of the struct.
func (p *Plugins) enabled() []string {
	var on []string
	value := reflect.ValueOf(p).Elem()
	for i := range value.NumField() {
		if f := value.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			on = append(on, value.Type().Field(i).Tag.Get("yaml"))
		}
	}
	return on
}
