package provider

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// twitter tells a confirmed address only to whom asks for that, and to many
// applications none.
func twitter(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "twitter", name: "Twitter",
		authorize: "https://x.com/i/oauth2/authorize", token: "https://api.x.com/2/oauth2/token",
		scopes: []string{"users.read", "tweet.read", "offline.access", "users.email"}, auth: oauth.BasicSecret,
	}
	p := s.provider(o, d)
	p.Subject = subject("data.id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		const me = "https://api.x.com/2/users/me?user.fields="
		profile, err := getObject(ctx, d, me+"profile_image_url", t.Access, nil)
		if err != nil {
			return nil, err
		}
		data, err := object(oauth.Member(profile, "data"))
		if err != nil {
			return nil, err
		}
		// The profile is good without an address.
		confirmed, _ := getObject(ctx, d, me+"confirmed_email", t.Access, nil)
		address := oauth.At(confirmed, "data.confirmed_email")
		if oauth.Truthy(address) && data != nil {
			data = data.Set("email", address)
			profile = profile.Set("data", data)
		}
		email, err := orPlaceholder(oauth.Member(data, "email"), oauth.Member(data, "id"), "twitter")
		if err != nil {
			return nil, err
		}
		return o.UserInfo(profile, person(oauth.Member(data, "name"), email, oauth.Member(data, "profile_image_url"), oauth.Truthy(address))), nil
	}
	return p, nil
}
