package auth

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// cachedSession reads the session of a cookie; every required field must be there.
func (a *Auth) cachedSession(text []byte) (*store.Session, error) {
	s := &store.Session{Cached: true, Extra: make([]any, a.sessionExtras.count)}
	var given fieldSet
	err := api.Members(text, func(key string, value []byte) error {
		switch key {
		case "id":
			return given.text(0, &s.ID, value)
		case "token":
			return given.text(1, &s.Token, value)
		case "userId":
			return given.text(2, &s.UserID, value)
		case "expiresAt":
			return given.time(3, &s.ExpiresAt, value)
		case "createdAt":
			return given.time(4, &s.CreatedAt, value)
		case "updatedAt":
			return given.time(5, &s.UpdatedAt, value)
		case "ipAddress":
			return optionalText(&s.IPAddress, value)
		case "userAgent":
			return optionalText(&s.UserAgent, value)
		}
		return a.sessionExtras.read(s.Extra, key, value)
	})
	return s, given.complete(6, err)
}

// cachedUser reads the user of a cookie, as cachedSession does the session.
func (a *Auth) cachedUser(text []byte) (*store.User, error) {
	u := &store.User{Cached: true, Extra: make([]any, a.userExtras.count)}
	var given fieldSet
	err := api.Members(text, func(key string, value []byte) error {
		switch key {
		case "id":
			return given.text(0, &u.ID, value)
		case "email":
			return given.text(1, &u.Email, value)
		case "name":
			return given.text(2, &u.Name, value)
		case "createdAt":
			return given.time(3, &u.CreatedAt, value)
		case "updatedAt":
			return given.time(4, &u.UpdatedAt, value)
		case "emailVerified":
			return boolean(&u.EmailVerified, value)
		case "image":
			return optionalText(&u.Image, value)
		}
		return a.userExtras.read(u.Extra, key, value)
	})
	u.Email = strings.ToLower(u.Email)
	return u, given.complete(5, err)
}

// fieldSet notes which required fields have been read.
type fieldSet uint

func (f *fieldSet) text(bit int, dst *string, value []byte) error {
	*f |= 1 << bit
	text, ok := api.Text(value)
	// Better Auth takes a text that looks like a time for one.
	if _, dated := parseTime(text); !ok || dated {
		return errCacheForm
	}
	*dst = text
	return nil
}

func (f *fieldSet) time(bit int, dst *time.Time, value []byte) error {
	*f |= 1 << bit
	text, _ := api.Text(value)
	t, ok := parseTime(text)
	if !ok {
		return errCacheForm
	}
	*dst = t
	return nil
}

func (f *fieldSet) complete(n int, err error) error {
	if err == nil && *f != 1<<n-1 {
		return errCacheForm
	}
	return err
}

func optionalText(dst **string, value []byte) error {
	*dst = nil
	if string(value) == "null" {
		return nil
	}
	var given fieldSet
	*dst = new(string)
	return given.text(0, *dst, value)
}

func boolean(dst *bool, value []byte) error {
	*dst = string(value) == "true"
	if !*dst && string(value) != "false" {
		return errCacheForm
	}
	return nil
}

// extras are the fields of a table beyond those that Go knows by name: their
// places in the list of a record.
type extras struct {
	fields map[string]*schema.Field
	places map[string]int
	count  int
}

// newExtras takes the fields of a table that are no core ones.
func newExtras(table *schema.Table) extras {
	e := extras{fields: map[string]*schema.Field{}, places: map[string]int{}}
	for i := range table.Fields {
		f := &table.Fields[i]
		if schema.IsCore(table.Model, f.Name) {
			continue
		}
		if !f.NotReturned {
			e.fields[f.Name], e.places[f.Name] = f, e.count
		}
		e.count++
	}
	return e
}

// read puts the value of a further field in its place. Fields that the
// configuration does not know, or does not show, are left out.
func (e extras) read(list []any, name string, value []byte) error {
	f := e.fields[name]
	if f == nil {
		return nil
	}
	v, ok := extraValue(f.Type, value)
	if !ok {
		return errCacheForm
	}
	list[e.places[name]] = v
	return nil
}

// extraValue gives a value as the database would have given it, so that it is
// answered as it stands in the cookie.
func extraValue(t schema.Type, value []byte) (any, bool) {
	switch value[0] {
	case 'n':
		return nil, true
	case 't', 'f':
		return value[0] == 't', true
	case '{', '[':
		return json.RawMessage(value), true
	case '"':
		text, ok := api.Text(value)
		if t != schema.Date {
			return text, ok
		}
		return parseTime(text)
	}
	if n, err := strconv.ParseInt(string(value), 10, 32); err == nil {
		return int32(n), true
	}
	f, ok := number(value)
	return *f, ok
}

func number(value []byte) (*float64, bool) {
	f, err := strconv.ParseFloat(string(value), 64)
	return &f, err == nil
}
