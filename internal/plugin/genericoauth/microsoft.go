package genericoauth

import (
	"context"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// microsoft tells who a user is in the ID token, and fills it up with what Graph
// says of the same user where there is an access token.
func microsoft(ctx context.Context, c *client, t *oauth.Tokens) (api.Object, error) {
	claims, err := oauth.DecodeJWT(t.ID)
	if err != nil {
		return nil, oauth.ErrNoUser
	}
	id, _ := oauth.Member(claims, "oid").(string)
	if strings.TrimSpace(id) == "" {
		return nil, oauth.ErrNoUser
	}
	placeholder, err := oauth.Placeholder(id, "microsoft-entra-id")
	if err != nil {
		return nil, err
	}
	graph := graphProfile(ctx, c, t, claims)
	email := either(oauth.Member(claims, "email"), oauth.Member(graph, "email"))
	verified := either(oauth.Member(claims, "email_verified"), oauth.Member(graph, "email_verified"), false)
	if given := email != any(oauth.Undefined{}); !given || graph == nil && !oauth.Truthy(email) {
		verified = false
	}
	profile := append(api.Object{}, graph...)
	for _, m := range claims {
		profile = profile.Set(m.Key, m.Value)
	}
	return defined(profile.
		Set("name", either(microsoftName(claims), microsoftName(graph))).
		Set("email", either(email, placeholder)).
		Set("image", either(oauth.Member(claims, "picture"), oauth.Member(graph, "picture"))).
		Set("emailVerified", verified)), nil
}

// graphProfile gives what Graph tells of the user of an ID token; nil where it
// tells nothing, or of somebody else.
func graphProfile(ctx context.Context, c *client, t *oauth.Tokens, claims api.Object) api.Object {
	if t.Access == "" {
		return nil
	}
	graph, err := c.profile(ctx, "https://graph.microsoft.com/oidc/userinfo", "Bearer", t)
	sub, ok := oauth.Member(claims, "sub").(string)
	if err != nil || !ok || oauth.Member(graph, "sub") != any(sub) {
		return nil
	}
	return graph
}

func microsoftName(profile api.Object) any {
	if name := either(oauth.Member(profile, "name")); name != any(oauth.Undefined{}) {
		return name
	}
	given := either(oauth.Member(profile, "given_name"), oauth.Member(profile, "givenname"))
	family := either(oauth.Member(profile, "family_name"), oauth.Member(profile, "familyname"))
	if name := strings.TrimSpace(textOf(given) + " " + textOf(family)); name != "" {
		return name
	}
	return oauth.Undefined{}
}
