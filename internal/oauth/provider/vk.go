package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// vk names the device in its callback and wants to hear it again, and is asked for
// the user with the token in a form.
func vk(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	if len(o.ClientID.Values) > 1 {
		return nil, errors.New("vk has one clientId, no list of them")
	}
	s := standard{
		id: "vk", name: "VK",
		authorize: "https://id.vk.com/authorize", token: "https://id.vk.com/oauth2/auth",
		scopes: []string{"email", "phone"}, device: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("user.user_id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		if t.Access == "" {
			return nil, oauth.ErrNoUser
		}
		form := oauth.Form{{Name: "access_token", Value: t.Access}, {Name: "client_id", Value: client(&o)}}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://id.vk.com/oauth2/user_info", strings.NewReader(form.String()))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		profile, err := askObject(ctx, d, r)
		if err != nil {
			return nil, err
		}
		return vkUser(&o, profile)
	}
	return p, nil
}

// vkUser needs an address, of the profile or of mapProfileToUser.
func vkUser(o *oauth.Options, profile api.Object) (*oauth.UserInfo, error) {
	user, err := object(oauth.Member(profile, "user"))
	if err != nil {
		return nil, err
	}
	its := func(key string) any { return oauth.Member(user, key) }
	path, mapped := o.MapProfileToUser["email"]
	if !oauth.Truthy(its("email")) && (!mapped || !oauth.Truthy(oauth.At(profile, path))) {
		return nil, fmt.Errorf("vk has no address: %w", oauth.ErrNoUser)
	}
	return o.UserInfo(profile, api.Object{
		{Key: "first_name", Value: its("first_name")},
		{Key: "last_name", Value: its("last_name")},
		{Key: "email", Value: its("email")},
		{Key: "image", Value: its("avatar")},
		{Key: "emailVerified", Value: false},
		{Key: "birthday", Value: its("birthday")},
		{Key: "sex", Value: its("sex")},
		{Key: "name", Value: spelled(its("first_name")) + " " + spelled(its("last_name"))},
	}), nil
}
