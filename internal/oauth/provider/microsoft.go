package provider

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// consumers is the tenant of all personal accounts.
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

// microsoft has tenants, and names that stand for many of them at once.
func microsoft(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	tenant := cmp.Or(o.TenantID, "common")
	authority := strings.TrimRight(cmp.Or(o.Authority, "https://login.microsoftonline.com"), "/")
	s := standard{
		id: "microsoft", name: "Microsoft EntraID",
		authorize: authority + "/" + tenant + "/oauth2/v2.0/authorize", token: authority + "/" + tenant + "/oauth2/v2.0/token",
		scopes: []string{"openid", "profile", "email", "User.Read", "offline_access"}, prompt: true, hint: true,
	}
	p := s.provider(o, d)
	refresh := s.endpoint(&o, d)
	p.Refresh = func(ctx context.Context, token string) (*oauth.Tokens, error) {
		return refresh.Refresh(ctx, token, oauth.Param{Name: "scope", Value: strings.Join(s.wanted(&o, nil), " ")})
	}
	p.Subject = subject("oid")
	good := check(&o, d, authority+"/"+tenant+"/discovery/v2.0/keys")
	good.Keys.Named = true
	good.Claims = func(c api.Object) error { return ofTenant(c, authority, tenant) }
	accept(p, good)
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		profile, err := decoded(t)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(text(profile, "oid")) == "" {
			return nil, fmt.Errorf("the ID token has no oid: %w", oauth.ErrNoUser)
		}
		if photo := microsoftPhoto(ctx, &o, d, t.Access); photo != "" {
			profile = profile.Set("picture", photo)
		}
		verified, err := microsoftVerified(profile)
		if err != nil {
			return nil, err
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		return o.UserInfo(profile, person(its("name"), its("email"), its("picture"), verified)), nil
	}
	return p, nil
}

// errTenant says that an ID token is of a tenant that the options do not name.
var errTenant = errors.New("the ID token is of another tenant")

// ofTenant holds a token to the issuer of its own tenant, and that to the options:
// the keys of one tenant sign for others, too.
func ofTenant(claims api.Object, authority, tenant string) error {
	its, ok := oauth.Member(claims, "tid").(string)
	switch {
	case !ok || oauth.Member(claims, "iss") != authority+"/"+its+"/v2.0":
		return errTenant
	case tenant == "common", tenant == "organizations" && its != consumers, tenant == "consumers" && its == consumers:
		return nil
	case tenant == "organizations", tenant == "consumers":
		return errTenant
	case oauth.Member(claims, "iss") != authority+"/"+tenant+"/v2.0":
		return errTenant
	}
	return nil
}

// microsoftPhoto gives the user's photo as an address that holds it, empty where
// there is none.
func microsoftPhoto(ctx context.Context, o *oauth.Options, d Deps, token string) string {
	if o.DisableProfilePhoto || token == "" {
		return ""
	}
	size := cmp.Or(o.ProfilePhotoSize, 48)
	address := fmt.Sprintf("https://graph.microsoft.com/v1.0/me/photos/%dx%d/%%24value", size, size)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return ""
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := d.Client.Do(ctx, r)
	if err != nil || !answer.OK() {
		return ""
	}
	return "data:image/jpeg;base64, " + base64.StdEncoding.EncodeToString(answer.Body)
}

// microsoftVerified tells whether Microsoft says that the address is the user's:
// by a claim, else by listing it among the verified ones.
func microsoftVerified(profile api.Object) (bool, error) {
	if v := oauth.Member(profile, "email_verified"); v != (oauth.Undefined{}) {
		return yesOrNo(v) == true, nil
	}
	email := oauth.Member(profile, "email")
	if !oauth.Truthy(email) {
		return false, nil
	}
	for _, key := range []string{"verified_primary_email", "verified_secondary_email"} {
		switch listed := oauth.Member(profile, key).(type) {
		case nil, oauth.Undefined:
		case string: // one address in the place of a list, and no part of it
			if listed == email {
				return true, nil
			}
		case []any:
			if slices.ContainsFunc(listed, func(one any) bool { return same(one, email) }) {
				return true, nil
			}
		default:
			return false, fmt.Errorf("%s is no list: %w", key, oauth.ErrNoUser)
		}
	}
	return false, nil
}
