package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// reddit tells no address, and wants to hear who asks.
func reddit(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "reddit", name: "Reddit",
		authorize: "https://www.reddit.com/api/v1/authorize", token: "https://www.reddit.com/api/v1/access_token",
		scopes: []string{"identity"}, plain: true, auth: oauth.BasicSecret,
		exchangeHeader: http.Header{"Accept": {"text/plain"}, "User-Agent": {"better-auth"}},
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		r := s.request(&o, a)
		r.Duration = o.Duration
		return r.URL()
	}
	p.Subject = subject("id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		header := http.Header{"User-Agent": {"better-auth"}}
		profile, err := getObject(ctx, d, "https://oauth.reddit.com/api/v1/me", t.Access, header)
		if err != nil {
			return nil, err
		}
		return redditUser(&o, profile)
	}
	return p, nil
}

// redditUser takes an address, and that it is verified, only from mapProfileToUser.
func redditUser(o *oauth.Options, profile api.Object) (*oauth.UserInfo, error) {
	image := oauth.Member(profile, "icon_img")
	switch address := image.(type) {
	case string:
		image, _, _ = strings.Cut(address, "?")
	case nil, oauth.Undefined:
		image = oauth.Undefined{}
	default:
		return nil, fmt.Errorf("reddit's image is no address: %w", oauth.ErrNoUser)
	}
	info := o.UserInfo(profile, api.Object{{Key: "name", Value: oauth.Member(profile, "name")}, {Key: "image", Value: image}})
	email, err := orPlaceholder(oauth.Member(info.User, "email"), oauth.Member(profile, "id"), "reddit")
	if err != nil {
		return nil, err
	}
	verified := given(oauth.Member(info.User, "emailVerified"), false)
	info.User = info.User.Set("email", email).Set("emailVerified", verified)
	return info, nil
}
