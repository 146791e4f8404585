package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// wechat speaks a dialect: other names, everything in the query of a GET, errors
// in answers of success. It tells no address.
func wechat(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	if len(o.ClientID.Values) > 1 {
		return nil, errors.New("wechat has one clientId, no list of them")
	}
	s := standard{id: "wechat", name: "WeChat", scopes: []string{"snsapi_login"}}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		f := oauth.Form{
			{Name: "scope", Value: strings.Join(s.wanted(&o, a.Scopes), ",")},
			{Name: "response_type", Value: "code"},
			{Name: "appid", Value: client(&o)},
			{Name: "redirect_uri", Value: redirect(&o, a.RedirectURI)},
			{Name: "state", Value: a.State},
			{Name: "lang", Value: cmp.Or(o.Lang, "cn")},
		}
		return "https://open.weixin.qq.com/connect/qrconnect?" + withExtra(f, a.Extra, "appid").String() + "#wechat_redirect", nil
	}
	p.Exchange = func(ctx context.Context, c oauth.Code) (*oauth.Tokens, error) {
		return wechatTokens(ctx, d, "access_token", oauth.Form{
			{Name: "appid", Value: client(&o)},
			{Name: "secret", Value: o.ClientSecret.Reveal()},
			{Name: "code", Value: c.Code},
			{Name: "grant_type", Value: "authorization_code"},
		})
	}
	p.Refresh = func(ctx context.Context, token string) (*oauth.Tokens, error) {
		return wechatTokens(ctx, d, "refresh_token", oauth.Form{
			{Name: "appid", Value: client(&o)},
			{Name: "grant_type", Value: "refresh_token"},
			{Name: "refresh_token", Value: token},
		})
	}
	p.Subject = func(_ *oauth.Tokens, profile api.Object) any {
		return or(oauth.Member(profile, "unionid"), oauth.Member(profile, "openid"))
	}
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) { return wechatUser(ctx, &o, d, t) }
	return p, nil
}

// wechatAsk asks one of its addresses. What is no object with an answer is an error.
func wechatAsk(ctx context.Context, d Deps, path string, f oauth.Form) (api.Object, error) {
	// Spaces are %20 in the original's requests.
	address := "https://api.weixin.qq.com/sns/" + path + "?" + strings.ReplaceAll(f.String(), "+", "%20")
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("an address of WeChat is not valid") // err would tell the secret
	}
	answer, err := askObject(ctx, d, r)
	if err == nil && oauth.Truthy(oauth.Member(answer, "errcode")) {
		return nil, fmt.Errorf("WeChat answered with error %s: %w", spelled(oauth.Member(answer, "errcode")), oauth.ErrNoUser)
	}
	return answer, err
}

func wechatTokens(ctx context.Context, d Deps, path string, f oauth.Form) (*oauth.Tokens, error) {
	answer, err := wechatAsk(ctx, d, "oauth2/"+path, f)
	if err != nil {
		return nil, err
	}
	scope, ok := oauth.Member(answer, "scope").(string)
	if !ok {
		return nil, errors.New("WeChat's answer has no scope")
	}
	t := &oauth.Tokens{
		Type: "Bearer", Access: text(answer, "access_token"), Refresh: text(answer, "refresh_token"),
		Scopes: strings.Split(scope, ","), Raw: answer,
	}
	const year = 365 * 24 * 3600
	if seconds, ok := oauth.Member(answer, "expires_in").(float64); ok && seconds > -year && seconds < year {
		t.AccessExpiresAt = d.Now().Add(time.Duration(seconds * float64(time.Second)))
	}
	return t, nil
}

func wechatUser(ctx context.Context, o *oauth.Options, d Deps, t *oauth.Tokens) (*oauth.UserInfo, error) {
	openID := oauth.Member(t.Raw, "openid")
	if !oauth.Truthy(openID) {
		return nil, fmt.Errorf("WeChat's tokens have no openid: %w", oauth.ErrNoUser)
	}
	profile, err := wechatAsk(ctx, d, "userinfo", oauth.Form{
		{Name: "access_token", Value: t.Access},
		{Name: "openid", Value: spelled(openID)},
		{Name: "lang", Value: "zh_CN"},
	})
	if err != nil {
		return nil, err
	}
	its := func(key string) any { return oauth.Member(profile, key) }
	email, err := orPlaceholder(its("email"), or(its("unionid"), its("openid"), openID), "wechat")
	if err != nil {
		return nil, err
	}
	return o.UserInfo(profile, person(its("nickname"), email, its("headimgurl"), false)), nil
}
