package core

import (
	"context"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func (c *Core) listAccounts(ctx context.Context, call *api.Call, _ api.None) ([]api.Object, error) {
	accounts, err := c.auth.Store.Accounts(ctx, call.User.ID, c.listLimit())
	if err != nil {
		return nil, err
	}
	out := make([]api.Object, len(accounts))
	for i, a := range accounts {
		out[i] = listed(c.auth.AccountOutput(a), a.Scope)
	}
	return out, nil
}

// listed gives an account with its scopes as a list, in the last place.
func listed(account api.Object, scope *string) api.Object {
	account = slices.DeleteFunc(account, func(m api.Member) bool { return m.Key == "scope" })
	return append(account, api.Member{Key: "scopes", Value: scopes(scope)})
}

// scopes takes a stored list of scopes apart.
func scopes(stored *string) []string {
	out := []string{}
	if stored == nil {
		return out
	}
	for scope := range strings.SplitSeq(*stored, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			out = append(out, scope)
		}
	}
	return out
}

type unlinkInput struct {
	AccountID string `json:"accountId" check:"own" doc:"The account's id, as /list-accounts gives it."`
}

// unlinkAccount asks first whether the account is the last one, whichever it
// was asked for, as the original does.
func (c *Core) unlinkAccount(ctx context.Context, call *api.Call, in unlinkInput) (statusOutput, error) {
	all := c.auth.Config.Account.AccountLinking.AllowUnlinkingAll
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventAccountUnlinked))
	result, err := noting.UnlinkAccount(ctx, call.User.ID, in.AccountID, all)
	switch {
	case err != nil:
		return statusOutput{}, err
	case result == store.LastAccount:
		return statusOutput{}, errLastAccount
	case result == store.NoAccount:
		return statusOutput{}, auth.ErrAccountNotFound
	}
	return statusOutput{Status: true}, nil
}
