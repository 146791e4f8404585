package social

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Link makes an identity a login method of the user who began a flow for that, if
// the session that began it is still there. What refuses is a *Refusal.
func (s *Social) Link(ctx context.Context, c *api.Call, l Link, id *Identity) error {
	live, err := s.isLive(ctx, l)
	switch {
	case err != nil:
		return err
	case !live, !s.mayLink(id):
		return refuse(errorNotLinked)
	case !s.sameAddress(id, l.Email):
		return refuse(errorOtherEmail)
	}
	for range attempts {
		err = s.link(ctx, c, l, id)
		if !errors.Is(err, errOvertaken) {
			break
		}
	}
	switch {
	case errors.Is(err, errOvertaken), errors.Is(err, store.ErrRejected):
		return refuse(errorNotLinked)
	case err != nil:
		return err
	}
	user, err := s.auth.Store.UserByID(ctx, l.UserID)
	if err == nil {
		s.followProfile(ctx, c, id, user)
	}
	return nil
}

func (s *Social) link(ctx context.Context, c *api.Call, l Link, id *Identity) error {
	account, err := s.account(ctx, s.auth.Store, id)
	switch {
	case err != nil:
		return err
	case account == nil:
		return s.addAccount(ctx, c, id, l.UserID)
	case account.UserID != l.UserID:
		return refuse(errorOtherUser)
	}
	var further []store.Change
	if scope := mergedScopes(account.Scope, id.Tokens.Scopes); scope != "" {
		further = append(further, store.Change{Field: "scope", Value: scope})
	}
	_, err = s.updateTokens(ctx, s.auth.Store, account, id, further...)
	return err
}

// isLive tells whether the session that began a link still counts. A flow that an
// older version of Better Auth began names none.
func (s *Social) isLive(ctx context.Context, l Link) (bool, error) {
	if l.session == "" {
		return true, nil
	}
	token, err := s.keeper.link.Decrypt(l.session)
	if err != nil {
		return false, nil
	}
	session, _, err := s.auth.Store.SessionByToken(ctx, string(token))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	}
	return session.UserID == l.UserID && session.ExpiresAt.After(s.auth.Time()), nil
}

// mayLink tells whether an identity may be linked at all.
func (s *Social) mayLink(id *Identity) bool {
	linking := &s.auth.Config.Account.AccountLinking
	return *linking.Enabled && (id.Info.EmailVerified() || slices.Contains(linking.TrustedProviders, id.ProviderID))
}

// sameAddress tells whether the addresses allow a link.
func (s *Social) sameAddress(id *Identity, email string) bool {
	return s.auth.Config.Account.AccountLinking.AllowDifferentEmails || id.Email() == oauth.SmallLetters(email)
}

// addAccount makes an identity that has no account one of a user.
func (s *Social) addAccount(ctx context.Context, c *api.Call, id *Identity, userID string) error {
	account, err := s.newAccount(id)
	if err != nil {
		return err
	}
	account.UserID = userID
	return s.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := s.claim(ctx, tx, id); err != nil {
			return err
		}
		note := s.auth.Note(c, auth.EventAccountLinked).About(userID).With("provider", id.ProviderID)
		note.ActorID = userID
		return tx.Noting(note).CreateAccount(ctx, account)
	})
}

// followProfile takes over the profile of a linked identity, under
// updateUserInfoOnLink.
func (s *Social) followProfile(ctx context.Context, c *api.Call, id *Identity, user *store.User) {
	if !s.auth.Config.Account.AccountLinking.UpdateUserInfoOnLink {
		return
	}
	name, _ := id.Info.User.Get("name")
	s.copyProfile(ctx, c, id, user, name)
}

// mergedScopes adds scopes to the stored ones.
func mergedScopes(stored *string, granted []string) string {
	var all []string
	add := func(scope string) {
		if scope = strings.TrimSpace(scope); scope != "" && !slices.Contains(all, scope) {
			all = append(all, scope)
		}
	}
	for scope := range strings.SplitSeq(orEmpty(stored), ",") {
		add(scope)
	}
	for _, scope := range granted {
		add(scope)
	}
	return strings.Join(all, ",")
}
