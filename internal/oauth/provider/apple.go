package provider

import (
	"context"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// apple posts to the callback, tells a user's name there and only once, and takes
// a JWT as the secret.
func apple(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "apple", name: "Apple",
		authorize: "https://appleid.apple.com/auth/authorize", token: "https://appleid.apple.com/auth/token",
		scopes: []string{"email", "name"}, secret: true,
	}
	if err := s.appleSecret(&o, d); err != nil {
		return nil, err
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) { r.ResponseMode, r.ResponseType = "form_post", "code id_token" })
	p.Subject = subject("sub")
	good := check(&o, d, "https://appleid.apple.com/auth/keys", "https://appleid.apple.com")
	good.Keys.Named = true
	good.HashedNonce = true
	switch {
	case len(o.Audience.Values) > 0 && (o.Audience.List || o.Audience.Values[0] != ""):
		good.Audience = o.Audience.Values
	case o.AppBundleIdentifier != "":
		good.Audience = []string{o.AppBundleIdentifier}
	}
	accept(p, good)
	p.UserInfo = func(_ context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		profile, err := decoded(t)
		if err != nil {
			return nil, err
		}
		name := appleName(t.User, profile)
		profile = profile.Set("name", name)
		its := func(key string) any { return oauth.Member(profile, key) }
		return o.UserInfo(profile, api.Object{
			{Key: "name", Value: name},
			{Key: "emailVerified", Value: given(yesOrNo(its("email_verified")), false)},
			{Key: "email", Value: its("email")},
		}), nil
	}
	return p, nil
}

// appleName joins the parts of the name that was posted, else takes the claim.
func appleName(posted any, profile api.Object) any {
	user, _ := posted.(api.Object)
	if !oauth.Truthy(oauth.Member(user, "name")) {
		return or(oauth.Member(profile, "name"), "")
	}
	part := func(key string) string { return spelled(or(oauth.At(user, "name."+key), "")) }
	return strings.TrimSpace(part("firstName") + " " + part("lastName"))
}
