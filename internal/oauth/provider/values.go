package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// Profiles hold what a provider wants to have in them. These functions take their
// values as the original's language does, so that the same profile gives the same
// user here, whatever it holds.

// or gives the first value that counts as true, else the last.
func or(values ...any) any {
	for _, v := range values {
		if oauth.Truthy(v) {
			return v
		}
	}
	return values[len(values)-1]
}

// given gives the first value that is neither null nor left out, else the last.
func given(values ...any) any {
	for _, v := range values {
		if v != nil && v != (oauth.Undefined{}) {
			return v
		}
	}
	return values[len(values)-1]
}

// object is what members are asked of. Nothing at all has none, which is an error
// as it is in the original; what is no object has them all left out.
func object(v any) (api.Object, error) {
	switch v := v.(type) {
	case nil, oauth.Undefined:
		return nil, fmt.Errorf("the profile is not complete: %w", oauth.ErrNoUser)
	case api.Object:
		return v, nil
	}
	return nil, nil
}

// same tells whether two values are the same; lists and objects never are.
func same(a, b any) bool {
	switch a.(type) {
	case []any, api.Object:
		return false
	}
	switch b.(type) {
	case []any, api.Object:
		return false
	}
	return a == b
}

// person is a user in the order in which most of the original's providers tell it.
func person(name, email, image, verified any) api.Object {
	return api.Object{
		{Key: "name", Value: name}, {Key: "email", Value: email}, {Key: "image", Value: image}, {Key: "emailVerified", Value: verified},
	}
}

// set gives the object with a member replaced, or without one that is left out.
func set(o api.Object, key string, value any) api.Object {
	if value == (oauth.Undefined{}) {
		return slices.DeleteFunc(o, func(m api.Member) bool { return m.Key == key })
	}
	return o.Set(key, value)
}

// orPlaceholder gives an address, or in its place one that nobody has, made of the
// user's id.
func orPlaceholder(address, id any, namespace string) (any, error) {
	if oauth.Truthy(address) {
		return address, nil
	}
	placeholder, err := oauth.Placeholder(spelled(id), namespace)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, oauth.ErrNoUser)
	}
	return placeholder, nil
}

// spelled writes a value within a text.
func spelled(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case oauth.Undefined:
		return "undefined"
	case api.Object:
		return "[object Object]"
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			if one != nil {
				parts[i] = spelled(one)
			}
		}
		return strings.Join(parts, ",")
	}
	written, _ := api.JSON(v)
	return string(written)
}
