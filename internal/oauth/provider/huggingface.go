package provider

import (
	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func huggingface(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "huggingface", name: "Hugging Face",
		authorize: "https://huggingface.co/oauth/authorize", token: "https://huggingface.co/oauth/token",
		userInfo: "https://huggingface.co/oauth/userinfo",
		scopes:   []string{"openid", "profile", "email"},
	}
	p := s.provider(o, d)
	p.Subject = subject("sub")
	p.UserInfo = s.user(&o, d, func(profile api.Object) (api.Object, error) {
		its := func(key string) any { return oauth.Member(profile, key) }
		name := or(its("name"), its("preferred_username"), "")
		return person(name, its("email"), its("picture"), given(its("email_verified"), false)), nil
	})
	return p, nil
}
