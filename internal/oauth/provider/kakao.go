package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// kakao keeps the user two levels deep, and an address is verified only while it
// still is the user's.
func kakao(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "kakao", name: "Kakao",
		authorize: "https://kauth.kakao.com/oauth/authorize", token: "https://kauth.kakao.com/oauth/token",
		userInfo: "https://kapi.kakao.com/v2/user/me",
		scopes:   []string{"account_email", "profile_image", "profile_nickname"}, hint: true, plain: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(path string) any { return oauth.At(profile, "kakao_account."+path) }
		return person(
			or(its("profile.nickname"), its("name"), ""),
			its("email"),
			or(its("profile.profile_image_url"), its("profile.thumbnail_image_url")),
			oauth.Truthy(its("is_email_valid")) && oauth.Truthy(its("is_email_verified")),
		), nil
	})
	return p, nil
}
