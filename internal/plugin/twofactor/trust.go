package twofactor

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// distrust ends the trust in the browser of the call, in the transaction of what
// disables the second factor. after sends the cookies.
func (t *TwoFactor) distrust(context.Context, *store.Store, *api.Call) (after func(), err error) {
	return func() {}, nil
}
