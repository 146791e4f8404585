package provider

import (
	"context"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// dropbox has its own name for the kind of access, and gives the profile to a POST.
func dropbox(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "dropbox", name: "Dropbox",
		authorize: "https://www.dropbox.com/oauth2/authorize", token: "https://api.dropboxapi.com/oauth2/token",
		scopes: []string{"account_info.read"},
	}
	p := s.provider(o, d)
	p.Authorize = s.authorization(&o, func(r *oauth.Request) {
		r.Extra = before(oauth.Param{Name: "token_access_type", Value: o.AccessType}, r.Extra)
	})
	p.Subject = subject("account_id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.dropboxapi.com/2/users/get_current_account", nil)
		if err != nil {
			return nil, err
		}
		profile, err := sendObject(ctx, d, r, t.Access)
		if err != nil {
			return nil, err
		}
		its := func(path string) any { return oauth.At(profile, path) }
		return o.UserInfo(profile, api.Object{
			{Key: "name", Value: its("name.display_name")},
			{Key: "email", Value: its("email")},
			{Key: "emailVerified", Value: or(its("email_verified"), false)},
			{Key: "image", Value: its("profile_photo_url")},
		}), nil
	}
	return p, nil
}
