package users

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// record is a line of the file.
type record struct {
	line     int
	user     *store.User
	accounts []*store.Account
	// hash is that of the password, empty where there is none.
	hash string
	// given are the fields of the user that the record names, and told those of them
	// that not every deployment has, as they came.
	given []string
	told  map[string]any
}

// parse reads a record, and refuses whatever it does not know.
func (i *importing) parse(line []byte) (*record, error) {
	members, err := objectOf(line)
	if err != nil {
		return nil, err
	}
	r := &record{user: &store.User{}, told: map[string]any{}}
	for _, m := range members {
		if err := i.read(r, m); err != nil {
			return nil, about(m.name, err)
		}
	}
	if r.user.Email == "" {
		return nil, errors.New("has no email")
	}
	if err := i.complete(r); err != nil {
		return nil, err
	}
	return r, i.finishAccounts(r)
}

// about says which member an error is about.
func about(name string, err error) error { return fmt.Errorf("%.60q %w", name, err) }

// read takes one member of a record.
func (i *importing) read(r *record, m member) (err error) {
	switch m.name {
	case "password":
		r.hash, err = i.password(m)
		return err
	case "accounts":
		r.accounts, err = i.readAccounts(m)
		return err
	case "id":
		r.user.ID, err = i.readID(m)
	case "email":
		r.user.Email, err = readEmail(m)
	case "name":
		r.user.Name, err = m.text()
	case "image":
		r.user.Image, err = m.optionalText()
	case "emailVerified":
		r.user.EmailVerified, err = m.truth()
	case "createdAt":
		r.user.CreatedAt, err = m.time()
	case "updatedAt":
		r.user.UpdatedAt, err = m.time()
	default:
		r.told[m.name], err = i.readFurther(m)
	}
	r.given = append(r.given, m.name)
	return err
}

func (i *importing) readID(m member) (string, error) {
	id, err := m.text()
	if err != nil && i.auth.Config.Advanced.Database.GenerateID.Type == schema.SerialIDs {
		id, err = m.wholeNumber()
	}
	if err != nil {
		return "", err
	}
	form, ok := i.auth.Store.FormOfID(id)
	if !ok {
		return "", errors.New("is no id as advanced.database.generateId makes them")
	}
	return form, nil
}

func readEmail(m member) (string, error) {
	email, err := m.text()
	if err == nil && !api.IsEmail(email) {
		err = errors.New("is no address of mail")
	}
	return strings.ToLower(email), err
}

// readFurther reads a field that not every deployment has.
func (i *importing) readFurther(m member) (any, error) {
	f := i.auth.UserFields().Field(m.name)
	if f == nil {
		return nil, errors.New("is no field of users under this configuration: leave it out, or add it to user.additionalFields")
	}
	v, err := m.value(f)
	if err != nil || v == nil {
		return v, err
	}
	return v, i.allowed(f, v)
}

// allowed asks the plugin that a field is of.
func (i *importing) allowed(f *schema.Field, v any) error {
	check := i.auth.UserValue(f.Name)
	if check == nil {
		return nil
	}
	texts := []string{fmt.Sprint(v)}
	if f.Name == roleField {
		texts = strings.Split(texts[0], ",")
	}
	for _, text := range texts {
		if err := check(text); err != nil {
			return plain(err)
		}
	}
	return nil
}

// complete gives a user what the record leaves open.
func (i *importing) complete(r *record) (err error) {
	u := r.user
	if u.CreatedAt.IsZero() {
		u.CreatedAt = i.auth.Time()
	}
	if u.UpdatedAt.IsZero() {
		u.UpdatedAt = u.CreatedAt
	}
	if i.auth.Config.Advanced.Database.GenerateID.Type != schema.SerialIDs && u.ID == "" {
		if u.ID, err = i.auth.NewID(); err != nil {
			return err
		}
	}
	u.Extra, err = valuesOf(i.auth.UserFields(), r.told, func(name string) error { return fmt.Errorf("has no %s, which users have to have", name) })
	return err
}

// earliest and latest are what a time may be: JavaScript and Postgres know more,
// but nobody signed up then.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)
