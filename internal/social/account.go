package social

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// newAccount gives the account of an identity, which is nobody's yet.
func (s *Social) newAccount(id *Identity) (*store.Account, error) {
	rowID, err := s.auth.NewID()
	if err != nil {
		return nil, err
	}
	now := s.auth.Time()
	a := &store.Account{ID: rowID, ProviderID: id.ProviderID, AccountID: id.AccountID, CreatedAt: now, UpdatedAt: now}
	t := id.Tokens
	if a.AccessToken, err = s.sealed(t.Access); err != nil {
		return nil, err
	}
	if a.RefreshToken, err = s.sealed(t.Refresh); err != nil {
		return nil, err
	}
	a.IDToken = nonEmpty(t.ID)
	a.AccessTokenExpiresAt, a.RefreshTokenExpiresAt = moment(t.AccessExpiresAt), moment(t.RefreshExpiresAt)
	if t.Scopes != nil {
		scope := strings.Join(t.Scopes, ",")
		a.Scope = &scope
	}
	return a, nil
}

// sealed gives a token as accounts keep it, nil where there is none.
func (s *Social) sealed(token string) (*string, error) {
	kept, err := s.auth.SealToken(token)
	return nonEmpty(kept), err
}

// moment gives a time as columns have it, nil where there is none.
func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC().Truncate(time.Millisecond)
	return &at
}

// updateTokens keeps a provider's new tokens. What it has not sent stays, and so do
// the scopes: those change only where the user asks for others.
func (s *Social) updateTokens(ctx context.Context, tx *store.Store, a *store.Account, id *Identity, further ...store.Change) (*store.Account, error) {
	changes, err := s.tokenChanges(id.Tokens)
	if err != nil {
		return nil, err
	}
	row, err := tx.UpdateAccount(ctx, a.ID, append(changes, further...)...)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrRejected) {
		return nil, refuse("unable to update account")
	}
	return row, err
}

// tokenChanges are the changes of an account that keep tokens.
func (s *Social) tokenChanges(t *oauth.Tokens) ([]store.Change, error) {
	changes := []store.Change{{Field: "updatedAt", Value: s.auth.Time()}}
	for _, token := range []struct {
		field, value string
		plain        bool
	}{{"idToken", t.ID, true}, {"accessToken", t.Access, false}, {"refreshToken", t.Refresh, false}} {
		if token.value == "" {
			continue
		}
		if !token.plain {
			var err error
			if token.value, err = s.auth.SealToken(token.value); err != nil {
				return nil, err
			}
		}
		changes = append(changes, store.Change{Field: token.field, Value: token.value})
	}
	if at := moment(t.AccessExpiresAt); at != nil {
		changes = append(changes, store.Change{Field: "accessTokenExpiresAt", Value: *at})
	}
	if at := moment(t.RefreshExpiresAt); at != nil {
		changes = append(changes, store.Change{Field: "refreshTokenExpiresAt", Value: *at})
	}
	return changes, nil
}
