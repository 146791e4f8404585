package users

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// has tells whether a record names a field of its user.
func (r *record) has(field string) bool { return slices.Contains(r.given, field) }

// compare gives the records of users who are not there yet. Those who are, as the
// record says, are counted; others are refused.
func (i *importing) compare(ctx context.Context, batch []*record) (fresh []*record, err error) {
	byID, byEmail, accounts, err := i.existing(ctx, batch)
	if err != nil {
		return nil, err
	}
	for _, r := range batch {
		user, namesake := byEmail[r.user.Email], (*store.User)(nil)
		if r.has("id") {
			namesake = byID[r.user.ID]
		}
		switch {
		case user == nil && namesake == nil:
			fresh = append(fresh, r)
		case user == nil:
			i.refuse(r.line, fmt.Errorf("has the id %s, whose user has another address", namesake.ID))
		case r.has("id") && user.ID != r.user.ID:
			i.refuse(r.line, fmt.Errorf("has the address of the user %s, who has another id", user.ID))
		default:
			if other := i.differences(r, user, accounts[user.ID]); len(other) > 0 {
				i.refuse(r.line, fmt.Errorf("is the user %s already, with other values of %s", user.ID, strings.Join(other, ", ")))
				continue
			}
			i.tally.Present++
		}
	}
	return i.unclaimed(ctx, fresh)
}

// existing finds the users who have an id or an address of a batch, and their
// accounts.
func (i *importing) existing(ctx context.Context, batch []*record) (byID, byEmail map[string]*store.User, accounts map[string][]*store.Account, err error) {
	var ids, emails, found []string
	for _, r := range batch {
		emails = append(emails, r.user.Email)
		if r.has("id") {
			ids = append(ids, r.user.ID)
		}
	}
	byID, byEmail = map[string]*store.User{}, map[string]*store.User{}
	if len(batch) == 0 {
		return byID, byEmail, nil, nil
	}
	users, err := i.auth.Store.UsersNamed(ctx, ids, emails)
	if err != nil || len(users) == 0 {
		return byID, byEmail, nil, err
	}
	for _, u := range users {
		byID[u.ID], byEmail[u.Email] = u, u
		found = append(found, u.ID)
	}
	accounts, err = i.auth.Store.AccountsOf(ctx, found)
	return byID, byEmail, accounts, err
}

// differences are the members in which a record does not agree with the user who is
// there. The time of the last change is none: it tells of itself.
func (i *importing) differences(r *record, user *store.User, accounts []*store.Account) []string {
	var other []string
	same := map[string]bool{
		"name": r.user.Name == user.Name, "emailVerified": r.user.EmailVerified == user.EmailVerified,
		"createdAt": r.user.CreatedAt.Equal(user.CreatedAt),
		"image":     reflect.DeepEqual(r.user.Image, user.Image),
	}
	for _, name := range r.given {
		if agrees, core := same[name]; core && !agrees {
			other = append(other, name)
		}
	}
	at := 0
	for n := range i.auth.UserFields().Fields {
		f := &i.auth.UserFields().Fields[n]
		if schema.IsCore("user", f.Name) {
			continue
		}
		if told, is := r.told[f.Name]; is && at < len(user.Extra) && !i.agrees(f, told, user.Extra[at]) {
			other = append(other, f.Name)
		}
		at++
	}
	return append(other, missing(r, accounts)...)
}

// missing tells of accounts that are not there, and of another password.
func missing(r *record, accounts []*store.Account) []string {
	for _, a := range r.accounts {
		at := slices.IndexFunc(accounts, func(o *store.Account) bool {
			return o.ProviderID == a.ProviderID && (o.AccountID == a.AccountID || a.ProviderID == store.CredentialProvider)
		})
		switch {
		case at < 0 && a.ProviderID == store.CredentialProvider && a.Password != nil:
			return []string{"password"}
		case at < 0:
			return []string{"accounts"}
		case a.Password != nil && !samePassword(*a.Password, accounts[at].Password):
			return []string{"password"}
		}
	}
	return nil
}

// samePassword tells whether a stored hash is that of the record, or has come of it
// by a sign-in.
func samePassword(told string, have *string) bool {
	return have != nil && (*have == told || ownHash.MatchString(*have) && !ownHash.MatchString(told))
}

// agrees tells whether a field has the value of a record. Plugins fill in some of
// theirs where the record has null, and store names in a form of their own.
func (i *importing) agrees(f *schema.Field, told, have any) bool {
	have, plugins := exported(have), !i.configured(f.Name)
	switch told := told.(type) {
	case nil:
		return have == nil || plugins
	case time.Time:
		text, _ := have.(string)
		at, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && at.Equal(told)
	case string:
		if f.Type == schema.JSON {
			return reflect.DeepEqual(asJSON(json.RawMessage(told)), asJSON(have))
		}
		text, isText := have.(string)
		return isText && (text == told || plugins && strings.EqualFold(strings.TrimSpace(text), strings.TrimSpace(told)))
	}
	return reflect.DeepEqual(asJSON(told), asJSON(have))
}

// asJSON is what JSON makes of a value.
func asJSON(v any) (out any) {
	text, err := json.Marshal(v)
	if err != nil || json.Unmarshal(text, &out) != nil {
		return err
	}
	return out
}
