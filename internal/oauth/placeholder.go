package oauth

import (
	"errors"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// ErrPlaceholder says that no address can be made of an identifier.
var ErrPlaceholder = errors.New("the provider's id of the user makes no placeholder of an address")

// Placeholder gives the address of a user who has none at a provider: it never
// reaches anybody (RFC 6761, 6.4), and nobody can have it verified.
func Placeholder(identifier, namespace string) (string, error) {
	address := fmt.Sprintf("%s@%s.placeholder.invalid", identifier, namespace)
	if !api.IsEmail(address) {
		return "", ErrPlaceholder
	}
	return address, nil
}
