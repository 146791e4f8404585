package genericoauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// The profiles of the presets that have one of their own. Each gives what the
// provider tells in the names that are known everywhere.

func gumroad(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	answer, err := c.profile(ctx, "https://api.gumroad.com/v2/user", "Bearer", t)
	if err != nil {
		return nil, err
	}
	success, _ := answer.Get("success")
	user, ok := oauth.Member(answer, "user").(api.Object)
	if !oauth.Truthy(success) || !ok {
		return nil, oauth.ErrNoUser
	}
	return defined(api.Object{
		{Key: "id", Value: oauth.Member(user, "user_id")},
		{Key: "name", Value: oauth.Member(user, "name")},
		{Key: "email", Value: oauth.Member(user, "email")},
		{Key: "image", Value: oauth.Member(user, "profile_url")},
		{Key: "emailVerified", Value: false},
	}), nil
}

// hubspot tells of the token, which stands in the path, and of its owner in
// passing.
func hubspot(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	if t.Access == "" {
		return nil, oauth.ErrNoUser
	}
	header := http.Header{"Content-Type": {"application/json"}}
	answer, err := c.object(ctx, "https://api.hubapi.com/oauth/v1/access-tokens/"+url.PathEscape(t.Access), header)
	if err != nil {
		return nil, err
	}
	id := either(oauth.Member(answer, "user_id"), oauth.At(answer, "signed_access_token.userId"))
	if !oauth.Truthy(id) {
		return nil, oauth.ErrNoUser
	}
	return defined(api.Object{
		{Key: "id", Value: id},
		{Key: "name", Value: oauth.Member(answer, "user")},
		{Key: "email", Value: oauth.Member(answer, "user")},
		{Key: "emailVerified", Value: false},
	}), nil
}

func line(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	told, err := oauth.DecodeJWT(t.ID)
	if err != nil {
		if told, err = c.profile(ctx, "https://api.line.me/oauth2/v2.1/userinfo", "Bearer", t); err != nil {
			return nil, err
		}
	}
	return defined(api.Object{
		{Key: "sub", Value: oauth.Member(told, "sub")},
		{Key: "name", Value: oauth.Member(told, "name")},
		{Key: "email", Value: oauth.Member(told, "email")},
		{Key: "image", Value: oauth.Member(told, "picture")},
		{Key: "emailVerified", Value: false},
	}), nil
}

func patreon(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	const address = "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=email%2Cfull_name%2Cimage_url%2Cis_email_verified"
	answer, err := c.profile(ctx, address, "Bearer", t)
	if err != nil {
		return nil, err
	}
	return defined(api.Object{
		{Key: "id", Value: oauth.At(answer, "data.id")},
		{Key: "name", Value: oauth.At(answer, "data.attributes.full_name")},
		{Key: "email", Value: oauth.At(answer, "data.attributes.email")},
		{Key: "image", Value: oauth.At(answer, "data.attributes.image_url")},
		{Key: "emailVerified", Value: oauth.At(answer, "data.attributes.is_email_verified")},
	}), nil
}

func slack(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	told, err := c.profile(ctx, "https://slack.com/api/openid.connect.userInfo", "Bearer", t)
	if err != nil {
		return nil, err
	}
	return defined(api.Object{
		{Key: "sub", Value: oauth.Member(told, "sub")},
		{Key: "name", Value: oauth.Member(told, "name")},
		{Key: "email", Value: oauth.Member(told, "email")},
		{Key: "image", Value: either(oauth.Member(told, "picture"), oauth.Member(told, "https://slack.com/user_image_512"))},
		{Key: "emailVerified", Value: either(oauth.Member(told, "email_verified"), false)},
	}), nil
}

func yandex(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	told, err := c.profile(ctx, "https://login.yandex.ru/info?format=json", "OAuth", t)
	if err != nil {
		return nil, err
	}
	email := either(oauth.Member(told, "default_email"), oauth.At(told, "emails.0"))
	if !oauth.Truthy(email) {
		return nil, oauth.ErrNoUser
	}
	var image any = oauth.Undefined{}
	if avatar := oauth.Member(told, "default_avatar_id"); oauth.Truthy(avatar) && !oauth.Truthy(oauth.Member(told, "is_avatar_empty")) {
		image = fmt.Sprintf("https://avatars.yandex.net/get-yapic/%s/islands-200", textOf(avatar))
	}
	return defined(api.Object{
		{Key: "id", Value: oauth.Member(told, "id")},
		{Key: "name", Value: either(oauth.Member(told, "display_name"), oauth.Member(told, "real_name"),
			oauth.Member(told, "first_name"), oauth.Member(told, "login"))},
		{Key: "email", Value: email},
		{Key: "emailVerified", Value: false},
		{Key: "image", Value: image},
	}), nil
}

// either gives the first value that is neither null nor left out.
func either(values ...any) any {
	for _, v := range values {
		if v != nil && v != (oauth.Undefined{}) {
			return v
		}
	}
	return oauth.Undefined{}
}

// textOf writes a text or a number as JavaScript does; anything else is empty.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// defined leaves out what JavaScript would leave undefined.
func defined(o api.Object) api.Object {
	return slices.DeleteFunc(o, func(m api.Member) bool { return m.Value == oauth.Undefined{} })
}
