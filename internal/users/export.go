package users

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// exportPage is how many users are read at once.
const exportPage = 1000

// Export writes every user as a line that Import reads, in the order of their ids,
// and gives their number. Hashes of passwords and the tokens of providers are only
// among it with secrets.
func (u *Users) Export(ctx context.Context, out io.Writer, secrets bool) (int, error) {
	n, after := 0, ""
	for {
		page, err := u.auth.Store.UsersAfter(ctx, after, exportPage)
		if err != nil || len(page) == 0 {
			return n, err
		}
		if err := u.exportPage(ctx, out, page, secrets); err != nil {
			return n, err
		}
		n, after = n+len(page), page[len(page)-1].ID
	}
}

func (u *Users) exportPage(ctx context.Context, out io.Writer, page []*store.User, secrets bool) error {
	ids := make([]string, len(page))
	for i, user := range page {
		ids[i] = user.ID
	}
	accounts, err := u.auth.Store.AccountsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, user := range page {
		line, err := api.JSON(u.exportedUser(user, accounts[user.ID], secrets))
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

func (u *Users) exportedUser(user *store.User, accounts []*store.Account, secrets bool) api.Object {
	o := api.Object{
		{Key: "id", Value: user.ID},
		{Key: "email", Value: user.Email},
		{Key: "emailVerified", Value: user.EmailVerified},
		{Key: "name", Value: user.Name},
		{Key: "image", Value: user.Image},
		{Key: "createdAt", Value: exported(user.CreatedAt)},
		{Key: "updatedAt", Value: exported(user.UpdatedAt)},
	}
	o = append(o, exportedFurther(u.auth.UserFields(), user.Extra)...)
	list := make([]any, len(accounts))
	for i, a := range accounts {
		if secrets && a.ProviderID == store.CredentialProvider && a.Password != nil && *a.Password != "" {
			o = append(o, api.Member{Key: "password", Value: *a.Password})
		}
		list[i] = u.exportedAccount(a, secrets)
	}
	return append(o, api.Member{Key: "accounts", Value: list})
}

func (u *Users) exportedAccount(a *store.Account, secrets bool) api.Object {
	o := api.Object{
		{Key: "id", Value: a.ID},
		{Key: "providerId", Value: a.ProviderID},
		{Key: "accountId", Value: a.AccountID},
		{Key: "scope", Value: a.Scope},
		{Key: "createdAt", Value: exported(a.CreatedAt)},
		{Key: "updatedAt", Value: exported(a.UpdatedAt)},
	}
	if secrets {
		o = append(o, api.Object{
			{Key: "accessToken", Value: a.AccessToken},
			{Key: "refreshToken", Value: a.RefreshToken},
			{Key: "idToken", Value: a.IDToken},
			{Key: "accessTokenExpiresAt", Value: exported(a.AccessTokenExpiresAt)},
			{Key: "refreshTokenExpiresAt", Value: exported(a.RefreshTokenExpiresAt)},
		}...)
	}
	return append(o, exportedFurther(u.auth.AccountFields(), a.Extra)...)
}

func exportedFurther(t *schema.Table, extra []any) (o api.Object) {
	at := 0
	for i := range t.Fields {
		f := &t.Fields[i]
		if schema.IsCore(t.Model, f.Name) {
			continue
		}
		if at < len(extra) {
			o = append(o, api.Member{Key: f.Name, Value: exported(extra[at])})
		}
		at++
	}
	return o
}

// exported is a stored value as it stands in a file: unlike in answers, nothing of
// a number or a time is lost.
func exported(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case *time.Time:
		if v == nil {
			return nil
		}
		return exported(*v)
	case pgtype.Numeric:
		text, _ := v.Value()
		if number, isText := text.(string); isText {
			return json.RawMessage(number)
		}
		return nil
	case [16]byte:
		return store.Output(v)
	case json.RawMessage:
		var line bytes.Buffer
		if json.Compact(&line, v) != nil {
			return nil
		}
		return json.RawMessage(line.Bytes())
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	}
	return v
}
