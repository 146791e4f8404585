package genericoauth

import (
	"context"
	"fmt"
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// client asks a provider for objects.
type client struct{ outbound *outbound.Client }

// object asks an address for a JSON object.
func (c *client) object(ctx context.Context, address string, header http.Header) (api.Object, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	r.Header = header
	answer, err := c.outbound.Do(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case !answer.OK():
		return nil, fmt.Errorf("the provider answered %d", answer.Status)
	}
	return oauth.ParseObject(answer.Body)
}

// profile is object for what is told of the holder of an access token.
func (c *client) profile(ctx context.Context, address, scheme string, t *oauth.Tokens) (api.Object, error) {
	if t.Access == "" {
		return nil, oauth.ErrNoUser
	}
	return c.object(ctx, address, http.Header{"Authorization": {scheme + " " + t.Access}})
}

// headers gives the headers of an option.
func headers(given config.Ordered[string]) http.Header {
	h := http.Header{}
	for _, one := range given {
		h.Set(one.Name, one.Value)
	}
	return h
}

// params gives the parameters of an option.
func params(given config.Ordered[string]) []oauth.Param {
	list := make([]oauth.Param, len(given))
	for i, one := range given {
		list[i] = oauth.Param{Name: one.Name, Value: one.Value}
	}
	return list
}
