package social

import (
	"errors"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
)

// ProviderOptions are the options of one of the built-in providers.
type ProviderOptions struct {
	oauth.Options `yaml:",inline"`
}

// CheckName refuses a provider that there is not.
func (ProviderOptions) CheckName(id string) error {
	if slices.Contains(provider.IDs(), id) {
		return nil
	}
	if near := config.Nearest(id, provider.IDs()); near != "" {
		return errors.New("is no provider that is built in; did you mean " + near + "?")
	}
	return errors.New("is no provider that is built in; others are set up by plugins.genericOAuth")
}
