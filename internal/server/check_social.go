package server

import (
	"cmp"
	"context"
	"net/url"

	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// checkSocial tells for each provider which address to enter at its console, and
// what is missing here.
func (k *checker) checkSocial(ctx context.Context, flows *social.Social, client *outbound.Client) {
	for _, entry := range k.cfg.Social.SocialProviders {
		subject := "socialProviders." + entry.Name
		p := flows.Provider(entry.Name)
		if p == nil {
			k.add(LevelOK, subject, "is switched off")
			continue
		}
		o := &entry.Value.Options
		k.checkCallback(subject, cmp.Or(o.RedirectURI, k.callback(flows.CallbackURL(p))))
		if o.ClientSecret.Reveal() == "" && o.TokenEndpointAuth.Method == "" {
			k.add(LevelWarning, subject, noSecret)
		}
	}
	k.checkGeneric(ctx, flows, client)
	k.checkOneTap()
	k.checkOAuthProxy()
}

const noSecret = "has no clientSecret, which the provider asks of every application but public ones: take it from its console and write clientSecret: ${NAME}"

func (k *checker) checkCallback(subject, address string) {
	k.add(LevelOK, subject, "enter %s at its console as the address to redirect to", address)
}

// callback is the address to which providers send browsers back: with oAuthProxy, that of the production server.
func (k *checker) callback(here string) string {
	proxy := k.cfg.Plugins.OAuthProxy
	if proxy == nil || proxy.ProductionURL == "" {
		return here
	}
	address, err := url.Parse(here)
	production, wrong := url.Parse(proxy.ProductionURL)
	if err != nil || wrong != nil {
		return here // the plugin has refused it
	}
	address.Scheme, address.Host = production.Scheme, production.Host
	return address.String()
}

// checkGeneric does the same for the providers of genericOAuth, and reads the discovery documents without which
// they are not there.
func (k *checker) checkGeneric(ctx context.Context, flows *social.Social, client *outbound.Client) {
	if k.cfg.Plugins.GenericOAuth == nil {
		return
	}
	for _, given := range k.cfg.Plugins.GenericOAuth.Config {
		o, err := given.Written()
		if err != nil {
			continue // the plugin has refused it
		}
		subject := "genericOAuth." + o.ProviderID
		k.checkCallback(subject, cmp.Or(o.RedirectURI, k.callback(flows.CallbackTo(o.ProviderID))))
		if o.ClientSecret.Reveal() == "" && o.TokenEndpointAuth.Method == "" {
			k.add(LevelWarning, subject, noSecret)
		}
		if k.builtIn(o.ProviderID) != nil {
			k.add(LevelWarning, subject, "hides socialProviders.%s, which has the same id: take one of them out", o.ProviderID)
		}
		if o.DiscoveryURL == "" {
			continue
		}
		if err := genericoauth.Discover(ctx, client, o); err != nil {
			k.add(LevelError, subject, "nobody can sign in: %s: %v; where it is in your own network, list that in server.outbound.allow", o.DiscoveryURL, err)
			continue
		}
		k.add(LevelOK, subject, "has read %s", o.DiscoveryURL)
	}
}

// builtIn gives the options of a provider among socialProviders; nil for none.
func (k *checker) builtIn(id string) *social.ProviderOptions {
	for i := range k.cfg.Social.SocialProviders {
		if entry := &k.cfg.Social.SocialProviders[i]; entry.Name == id {
			return &entry.Value
		}
	}
	return nil
}

// checkOneTap tells what Google must know of.
func (k *checker) checkOneTap() {
	tap := k.cfg.Plugins.OneTap
	if tap == nil {
		return
	}
	if google := k.builtIn("google"); tap.ClientID == "" && (google == nil || len(google.ClientID.Values) == 0) {
		k.add(LevelWarning, "oneTap", "has no client id, so that every sign-in is refused: set plugins.oneTap.clientId, or socialProviders.google")
		return
	}
	k.add(LevelOK, "oneTap", "enter the origins of the pages that show it at Google's console under Authorized JavaScript origins")
}

// checkOAuthProxy warns of previews that must know the secret of production.
func (k *checker) checkOAuthProxy() {
	proxy := k.cfg.Plugins.OAuthProxy
	switch {
	case proxy == nil:
	case proxy.Secret.IsZero():
		k.add(LevelWarning, "oAuthProxy", "has no secret of its own, so that every preview must have the server's: set plugins.oAuthProxy.secret, the same on all servers")
	default:
		k.add(LevelOK, "oAuthProxy", "has a secret of its own, which must be the same on all servers")
	}
}
