package users

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// maxAccounts is how many ways to sign in a user may have.
const maxAccounts = 100

// readAccounts reads the ways to sign in of a user.
func (i *importing) readAccounts(m member) ([]*store.Account, error) {
	var list []json.RawMessage
	if m.isNull() || json.Unmarshal(m.raw, &list) != nil {
		return nil, errors.New("must be a list of objects")
	}
	if len(list) > maxAccounts {
		return nil, fmt.Errorf("are more than %d", maxAccounts)
	}
	accounts := make([]*store.Account, len(list))
	for n, raw := range list {
		a, err := i.readAccount(raw)
		if err != nil {
			return nil, fmt.Errorf("number %d: %w", n+1, err)
		}
		accounts[n] = a
	}
	return accounts, nil
}

func (i *importing) readAccount(raw json.RawMessage) (*store.Account, error) {
	members, err := objectOf(raw)
	if err != nil {
		return nil, err
	}
	a, told := &store.Account{}, map[string]any{}
	for _, m := range members {
		if err := i.readOfAccount(a, told, m); err != nil {
			return nil, about(m.name, err)
		}
	}
	if a.ProviderID == "" || a.AccountID == "" && a.ProviderID != store.CredentialProvider {
		return nil, errors.New("needs providerId and accountId")
	}
	a.Extra, err = valuesOf(i.auth.AccountFields(), told, func(name string) error { return fmt.Errorf("has no %s, which accounts have to have", name) })
	return a, err
}

// readOfAccount takes one member of an account.
func (i *importing) readOfAccount(a *store.Account, told map[string]any, m member) (err error) {
	texts := map[string]**string{"accessToken": &a.AccessToken, "refreshToken": &a.RefreshToken, "idToken": &a.IDToken, "scope": &a.Scope}
	if text := texts[m.name]; text != nil {
		*text, err = m.optionalText()
		return err
	}
	switch m.name {
	case "id":
		a.ID, err = i.readID(m)
	case "providerId":
		a.ProviderID, err = m.text()
	case "accountId":
		a.AccountID, err = m.text()
	case "accessTokenExpiresAt":
		a.AccessTokenExpiresAt, err = m.optionalTime()
	case "refreshTokenExpiresAt":
		a.RefreshTokenExpiresAt, err = m.optionalTime()
	case "createdAt":
		a.CreatedAt, err = m.time()
	case "updatedAt":
		a.UpdatedAt, err = m.time()
	default:
		f := i.auth.AccountFields().Field(m.name)
		if f == nil || schema.IsCore("account", m.name) {
			return errors.New("is no member of an account; a password stands beside the accounts")
		}
		told[m.name], err = m.value(f)
	}
	return err
}

// finishAccounts gives the accounts what the record leaves open, and the hash to
// the one that holds passwords.
func (i *importing) finishAccounts(r *record) error {
	var holder *store.Account
	seen := map[[2]string]bool{}
	for _, a := range r.accounts {
		if a.ProviderID == store.CredentialProvider {
			if told, _ := i.auth.Store.FormOfID(a.AccountID); a.AccountID != "" && (told != r.user.ID || r.user.ID == "") {
				return errors.New(`has an account "credential" whose accountId is not the id of the user: leave it out there`)
			}
			holder, a.AccountID = a, r.user.ID
		}
		key := [2]string{a.ProviderID, a.AccountID}
		if seen[key] {
			return fmt.Errorf("has the same account of %.60q twice", a.ProviderID)
		}
		seen[key] = true
		i.date(r, a)
	}
	if r.hash == "" {
		return i.number(r)
	}
	if holder == nil {
		holder = &store.Account{ProviderID: store.CredentialProvider}
		i.date(r, holder)
		r.accounts = append(r.accounts, holder)
	}
	holder.Password = &r.hash
	return i.number(r)
}

// date gives an account the times of its user where it has none.
func (i *importing) date(r *record, a *store.Account) {
	if a.CreatedAt.IsZero() {
		a.CreatedAt = r.user.CreatedAt
	}
	if a.UpdatedAt.IsZero() {
		a.UpdatedAt = a.CreatedAt
	}
}

// number gives the accounts ids, unless the database numbers them.
func (i *importing) number(r *record) (err error) {
	for _, a := range r.accounts {
		if a.ID == "" {
			if a.ID, err = i.auth.NewID(); err != nil {
				return err
			}
		}
	}
	return nil
}
