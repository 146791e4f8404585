package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// linearQuery asks for the profile, in GraphQL.
const linearQuery = `{"query":"query { viewer { id name email avatarUrl active createdAt updatedAt } }"}`

func linear(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "linear", name: "Linear",
		authorize: "https://linear.app/oauth/authorize", token: "https://api.linear.app/oauth/token",
		scopes: []string{"read"}, hint: true, plain: true,
	}
	p := s.provider(o, d)
	p.Subject = subject("id")
	p.UserInfo = func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.linear.app/graphql", strings.NewReader(linearQuery))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := sendObject(ctx, d, r, t.Access)
		if err != nil {
			return nil, err
		}
		profile, ok := oauth.At(answer, "data.viewer").(api.Object)
		if !ok {
			return nil, fmt.Errorf("linear has no profile: %w", oauth.ErrNoUser)
		}
		its := func(key string) any { return oauth.Member(profile, key) }
		return o.UserInfo(profile, person(its("name"), its("email"), its("avatarUrl"), false)), nil
	}
	return p, nil
}
