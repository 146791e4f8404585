package oauthproxy

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config holds the options of the plugin.
type Config struct {
	ProductionURL string          `yaml:"productionURL" doc:"The origin of the server that the providers know, such as https://app.example.com; default is that of the base URL."`
	CurrentURL    string          `yaml:"currentURL" doc:"The origin of this server, to which the production server sends browsers back; default is that of the request where it is a trusted one, else that of the base URL."`
	MaxAge        config.Duration `yaml:"maxAge" default:"60" min:"1" doc:"How long what the production server sends along counts."`
	Secret        config.Secret   `yaml:"secret" doc:"A secret that all servers share for this, in the place of secret. Whoever knows it can sign in as anybody."`
}

// originOf reads the origin of an option that names a server; empty where it is
// not set.
func originOf(option, text string, plain bool) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return "", fmt.Errorf("%s must begin with http:// or https:// and name a host", option)
	}
	if plain && (strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "") {
		return "", errors.New(option + " must be an origin: leave out what follows the host, the base path is added to it")
	}
	return u.Scheme + "://" + auth.CanonicalHost(u), nil
}
