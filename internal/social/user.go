package social

import (
	"context"
	"errors"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// named gives the name that a user gets: empty where the provider has none.
func named(id *Identity) any {
	if v, ok := id.Info.User.Get("name"); ok && oauth.Truthy(v) {
		return v
	}
	return ""
}

// further gives what the provider says beyond the fields that every user has.
func further(id *Identity) api.Object {
	return slices.DeleteFunc(slices.Clone(id.Info.User), func(m api.Member) bool {
		return slices.Contains([]string{"id", "name", "image", "email", "emailVerified"}, m.Key)
	})
}

// newUser makes a user of an identity, who is not stored yet.
func (s *Social) newUser(id *Identity) (*store.User, error) {
	rowID, err := s.auth.NewID()
	if err != nil {
		return nil, err
	}
	extra, err := s.auth.NewUserFieldsOf(further(id))
	if err != nil {
		return nil, unlessUnsaid(err, id)
	}
	now := s.auth.Time()
	u := &store.User{
		ID: rowID, Email: id.Email(), EmailVerified: id.Info.EmailVerified(), CreatedAt: now, UpdatedAt: now, Extra: extra,
	}
	u.Name, _ = auth.Text(named(id)).(string)
	if v, ok := id.Info.User.Get("image"); ok && v != nil {
		image, _ := auth.Text(v).(string)
		u.Image = &image
	}
	return u, nil
}

// unlessUnsaid refuses a user in whose row a field would be empty that must not be:
// the profile has no value where mapProfileToUser looks for it.
func unlessUnsaid(err error, id *Identity) error {
	for _, name := range id.Info.Unsaid {
		if errors.Is(err, auth.ErrMissingField(name)) {
			return refuse("unable to create user")
		}
	}
	return err
}

// profile are the changes that give a user a name, an image and the further fields
// of the provider. A nil name is left as it is.
func (s *Social) profile(id *Identity, name any) ([]store.Change, error) {
	changes := []store.Change{{Field: "updatedAt", Value: s.auth.Time()}}
	if name != nil {
		changes = append(changes, store.Change{Field: "name", Value: auth.Text(name)})
	}
	if v, ok := id.Info.User.Get("image"); ok {
		changes = append(changes, store.Change{Field: "image", Value: auth.Text(v)})
	}
	extra, err := s.auth.UserChangesOf(further(id))
	return append(changes, extra...), err
}

// copyProfile takes the provider's profile over, under updateUserInfoOnLink. The
// user stays as before where that fails: the link does not depend on it.
func (s *Social) copyProfile(ctx context.Context, c *api.Call, id *Identity, user *store.User, name any) *store.User {
	changes, err := s.profile(id, name)
	if err == nil {
		noting := s.auth.Store.Noting(s.auth.Note(c, auth.EventUserUpdated).About(user.ID))
		var changed *store.User
		if changed, err = s.auth.UpdateUser(ctx, noting, c, user.ID, changes...); err == nil {
			return changed
		}
	}
	c.Log.Warn("a provider's profile could not be taken over", "provider", id.ProviderID, "error", err)
	return user
}

// override writes the provider's profile and address over the user's, under
// overrideUserInfoOnSignIn. The user stays as before where the database refuses it,
// because another one has the address.
func (s *Social) override(ctx context.Context, c *api.Call, id *Identity, user *store.User) (*store.User, error) {
	changes, err := s.profile(id, named(id))
	if err != nil {
		return nil, err
	}
	var changed *store.User
	err = s.auth.Store.InTx(ctx, func(tx *store.Store) error {
		before, err := tx.LockUser(ctx, user.ID)
		if err != nil {
			return err
		}
		same := before.Email == id.Email()
		verified := id.Info.EmailVerified() || same && before.EmailVerified
		all := append(slices.Clone(changes), store.Change{Field: "email", Value: id.Email()}, store.Change{Field: "emailVerified", Value: verified})
		event := auth.EventUserUpdated
		if !same {
			event = auth.EventEmailChanged
		}
		changed, err = s.auth.UpdateUser(ctx, tx.Noting(s.auth.Note(c, event).About(user.ID)), c, user.ID, all...)
		switch {
		case err != nil || same && before.EmailVerified == verified:
			return err
		case verified && !before.EmailVerified:
			return s.forgetUnproven(ctx, tx, before, "")
		}
		return s.auth.TakeBack(ctx, tx, before)
	})
	if errors.Is(err, store.ErrDuplicate) || errors.Is(err, store.ErrRejected) {
		c.Log.Warn("a user could not be given the provider's profile", "provider", id.ProviderID, "error", err)
		return user, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, auth.ErrFailedToMakeSession.WithCause(err)
	}
	return changed, err
}

// prove marks the user's address as proven where the provider vouches for the same
// one. Until then it has granted nothing: whoever has signed up with the address
// before may have been somebody else, and keeps neither password nor session.
// joined is the account that has just become the user's, before which every other
// one goes too; nil where it was the user's before. This sign-in goes on with user as
// before: as in the original, its answer, its copy of the session and the check of
// requireEmailVerification know of the proof the next time.
func (s *Social) prove(ctx context.Context, tx *store.Store, c *api.Call, id *Identity, user *store.User, joined *store.Account) error {
	if user.EmailVerified || !id.Info.EmailVerified() || id.Email() != user.Email {
		return nil
	}
	now, err := tx.LockUser(ctx, user.ID)
	if err != nil || now.EmailVerified || now.Email != user.Email {
		return err
	}
	noting := tx.Noting(s.auth.Note(c, auth.EventEmailVerified).About(user.ID).With("provider", id.ProviderID))
	if _, err := s.auth.UpdateUser(ctx, noting, c, user.ID,
		store.Change{Field: "emailVerified", Value: true}, store.Change{Field: "updatedAt", Value: s.auth.Time()}); err != nil {
		return err
	}
	keep := ""
	if joined != nil {
		keep = joined.ID
	}
	return s.forgetUnproven(ctx, tx, now, keep)
}

// forgetUnproven removes what a user has from the time before the address was
// proven: the password, sessions, links that were mailed and, where only one
// account is to be kept, the others.
func (s *Social) forgetUnproven(ctx context.Context, tx *store.Store, user *store.User, only string) error {
	accounts, err := tx.AccountsOf(ctx, []string{user.ID})
	if err != nil {
		return err
	}
	for _, a := range accounts[user.ID] {
		if a.ID == only || only == "" && a.ProviderID != store.CredentialProvider {
			continue
		}
		if _, err := tx.DeleteAccount(ctx, user.ID, a.ID); err != nil {
			return err
		}
	}
	if _, err := tx.DeleteUserSessions(ctx, user.ID); err != nil {
		return err
	}
	return s.auth.TakeBack(ctx, tx, user)
}
