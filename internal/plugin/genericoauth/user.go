package genericoauth

import (
	"context"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// user tells who has signed in. An ID token that does not stand its checks ends
// it, whatever else the provider would tell.
func (p *provider) user(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
	var claims api.Object
	if t.ID != "" && p.idTokens != nil {
		var err error
		if claims, err = p.idTokens.Verify(ctx, t.ID, t.Nonce); err != nil {
			return nil, fmt.Errorf("%w: %w", oauth.ErrNoUser, err)
		}
	}
	return p.told(ctx, t, claims)
}

// userOfIDToken tells who the user of an ID token is that has been checked.
func (p *provider) userOfIDToken(ctx context.Context, token string) (*oauth.UserInfo, error) {
	claims, err := oauth.DecodeJWT(token)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", oauth.ErrNoUser, err)
	}
	return p.told(ctx, &oauth.Tokens{ID: token}, claims)
}

// told gives the user of a profile. The claims are those of a checked ID token; nil
// where there is none.
func (p *provider) told(ctx context.Context, t *oauth.Tokens, claims api.Object) (*oauth.UserInfo, error) {
	profile, err := p.profile(ctx, t, claims)
	if err != nil {
		return nil, err
	}
	if !p.isOf(profile, claims) {
		return nil, fmt.Errorf("%w: the profile is of somebody else than the ID token", oauth.ErrNoUser)
	}
	o := p.common()
	info := o.UserInfo(profile, api.Object{
		{Key: "email", Value: oauth.Member(profile, "email")},
		{Key: "emailVerified", Value: isTrue(oauth.Member(profile, "emailVerified"))},
		{Key: "image", Value: oauth.Member(profile, "image")},
		{Key: "name", Value: oauth.Member(profile, "name")},
	})
	if image, there := info.User.Get("image"); there && image == nil {
		info.User = defined(info.User.Set("image", oauth.Undefined{}))
	}
	return info, nil
}

// isOf tells whether a profile is of the user whom an ID token names (OpenID
// Connect Core, 5.3.2). The profiles of presets may leave sub out.
func (p *provider) isOf(profile, claims api.Object) bool {
	if claims == nil {
		return true
	}
	told := either(oauth.Member(profile, "sub"))
	if told == any(oauth.Undefined{}) && p.hasOwnProfile() {
		return true
	}
	sub, _ := oauth.Member(claims, "sub").(string)
	return sub != "" && textOf(told) == sub
}

func (p *provider) hasOwnProfile() bool { return p.preset != nil && p.preset.profile != nil }

// profile gives what the provider tells: the claims of the ID token where they
// have an address, else what it answers to the access token.
func (p *provider) profile(ctx context.Context, t *oauth.Tokens, claims api.Object) (api.Object, error) {
	if p.hasOwnProfile() {
		return p.preset.profile(ctx, p.client, t)
	}
	if claims == nil && t.ID != "" {
		claims, _ = oauth.DecodeJWT(t.ID)
	}
	if oauth.Truthy(oauth.Member(claims, "sub")) && oauth.Truthy(oauth.Member(claims, "email")) {
		return ofClaims(claims), nil
	}
	if p.userInfo == "" || t.Access == "" {
		return nil, oauth.ErrNoUser
	}
	told, err := p.client.profile(ctx, p.userInfo, "Bearer", t)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", oauth.ErrNoUser, err)
	}
	return defined(told.
		Set("emailVerified", isTrue(oauth.Member(told, "email_verified"))).
		Set("image", oauth.Member(told, "picture"))), nil
}

// ofClaims gives the claims of an ID token the names of a profile.
func ofClaims(claims api.Object) api.Object {
	profile := defined(api.Object{
		{Key: "id", Value: oauth.Member(claims, "sub")},
		{Key: "emailVerified", Value: isTrue(oauth.Member(claims, "email_verified"))},
		{Key: "image", Value: oauth.Member(claims, "picture")},
	})
	for _, m := range claims {
		profile = profile.Set(m.Key, m.Value)
	}
	return profile
}

// isTrue reads a claim that some providers write as a text.
func isTrue(v any) bool { return v == true || v == "true" }
