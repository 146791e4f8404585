package provider

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// salesforce has a world for tests, and organizations with hosts of their own.
func salesforce(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	host := "login.salesforce.com"
	switch o.Environment {
	case "", "production":
	case "sandbox":
		host = "test.salesforce.com"
	default:
		return nil, fmt.Errorf("salesforce has no environment %s", o.Environment)
	}
	host = cmp.Or(o.LoginURL, host)
	base := "https://" + host + "/services/oauth2/"
	if u, err := url.Parse(base); err != nil || u.Host != host {
		return nil, fmt.Errorf("loginUrl must be a host alone, such as acme.my.salesforce.com")
	}
	s := standard{
		id: "salesforce", name: "Salesforce",
		authorize: base + "authorize", token: base + "token", userInfo: base + "userinfo",
		scopes: []string{"openid", "email", "profile"},
	}
	p := s.provider(o, d)
	p.Subject = subject("user_id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(path string) any { return oauth.At(profile, path) }
		image := or(its("photos.picture"), its("photos.thumbnail"))
		return person(its("name"), its("email"), image, given(its("email_verified"), false)), nil
	})
	return p, nil
}
