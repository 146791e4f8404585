package users

import (
	"context"
	"fmt"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// unclaimed refuses records with an account that somebody has: whoever signs in with
// it would be one of the two, and nobody knows which.
func (i *importing) unclaimed(ctx context.Context, fresh []*record) (left []*record, err error) {
	var providers, ids []string
	for _, r := range fresh {
		for _, a := range r.accounts {
			if a.ProviderID != store.CredentialProvider {
				providers, ids = append(providers, a.ProviderID), append(ids, a.AccountID)
			}
		}
	}
	if len(ids) == 0 {
		return fresh, nil
	}
	taken, err := i.auth.Store.AccountsNamed(ctx, providers, ids)
	if err != nil {
		return nil, err
	}
	owners := map[[2]string]string{}
	for _, a := range taken {
		owners[[2]string{a.ProviderID, a.AccountID}] = a.UserID
	}
	for _, r := range fresh {
		at := slices.IndexFunc(r.accounts, func(a *store.Account) bool { return owners[[2]string{a.ProviderID, a.AccountID}] != "" })
		if at < 0 {
			left = append(left, r)
			continue
		}
		a := r.accounts[at]
		i.refuse(r.line, fmt.Errorf("has the account of %.60q that the user %s has", a.ProviderID, owners[[2]string{a.ProviderID, a.AccountID}]))
	}
	return left, nil
}
