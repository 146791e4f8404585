package server

import (
	"cmp"

	"github.com/sallyport-auth/sallyport/internal/social"
)

// checkSocial tells for each provider which address to enter at its console, and
// what is missing here.
func (k *checker) checkSocial(flows *social.Social) {
	for _, entry := range k.cfg.Social.SocialProviders {
		subject := "socialProviders." + entry.Name
		p := flows.Provider(entry.Name)
		if p == nil {
			k.add(LevelOK, subject, "is switched off")
			continue
		}
		o := &entry.Value.Options
		k.add(LevelOK, subject, "enter %s at its console as the address to redirect to", cmp.Or(o.RedirectURI, flows.CallbackURL(p)))
		if o.ClientSecret.Reveal() == "" && o.TokenEndpointAuth.Method == "" {
			k.add(LevelWarning, subject, "has no clientSecret, which the provider asks of every application but public ones: take it from its console and write clientSecret: ${NAME}")
		}
	}
}
