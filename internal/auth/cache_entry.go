package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// cacheEntry is what a genuine session_data cookie says.
type cacheEntry struct {
	session *store.Session
	user    *store.User
	version string
	until   time.Time

	// Claims of the forms that are tokens.
	expires, notBefore            *float64
	issuer, subject, sessionToken string
	audience                      []byte
}

// clockTolerance is how far the clocks of servers may differ where Better Auth
// allows for it.
const clockTolerance = 15 * time.Second

// cacheToken reads the payload of a token and judges its times as its clock has
// them: in whole seconds.
func (a *Auth) cacheToken(payload []byte, now time.Time, tolerance time.Duration) (*cacheEntry, bool) {
	payload, _ = normalTimes(payload)
	entry, ok := a.cacheEntry(payload)
	if !ok || entry.expires == nil {
		return nil, false
	}
	seconds, slack := float64(now.Unix()), tolerance.Seconds()
	if *entry.expires <= seconds-slack || entry.notBefore != nil && *entry.notBefore > seconds+slack {
		return nil, false
	}
	entry.until = time.UnixMilli(int64(*entry.expires * 1000))
	return entry, true
}

var errCacheForm = errors.New("not in the form of a session cache")

// cacheEntry reads session, user and version, and of a token its claims. The
// text is genuine; it is still held to its form, which another version of the
// configuration may have written.
func (a *Auth) cacheEntry(body []byte) (*cacheEntry, bool) {
	e := &cacheEntry{}
	dated := false
	err := api.Members(body, func(key string, value []byte) (err error) {
		ok := true
		switch key {
		case "session":
			e.session, err = a.cachedSession(value)
		case "user":
			e.user, err = a.cachedUser(value)
		case "updatedAt":
			_, dated = number(value)
		case "version":
			e.version, ok = api.Text(value)
		case "exp":
			e.expires, ok = number(value)
		case "nbf":
			e.notBefore, ok = number(value)
		case "iss":
			e.issuer, ok = api.Text(value)
		case "sub":
			e.subject, ok = api.Text(value)
		case "sid":
			e.sessionToken, ok = api.Text(value)
		case "aud":
			e.audience = value
		}
		if !ok {
			return errCacheForm
		}
		return err
	})
	if e.version == "" {
		e.version = defaultCacheVersion
	}
	return e, err == nil && e.session != nil && e.user != nil && dated
}

// isFor tells whether the audience of a token, a text or a list, has name.
func (e *cacheEntry) isFor(name string) bool {
	if one, ok := api.Text(e.audience); ok {
		return one == name
	}
	var list []string
	return json.Unmarshal(e.audience, &list) == nil && slices.Contains(list, name)
}

func number(value []byte) (*float64, bool) {
	f, err := strconv.ParseFloat(string(value), 64)
	return &f, err == nil
}

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

// parseTime reads a time in the one form that JavaScript writes and the original
// looks for, with any number of decimals.
func parseTime(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' || text[len(text)-1] != 'Z' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.Truncate(time.Millisecond), err == nil
}

// normalTimes writes every text that is a time with three decimals: Better Auth
// makes times of them when it reads a cookie, whatever field they stand in.
func normalTimes(text []byte) (out []byte, changed bool) {
	const normal = len("2006-01-02T15:04:05.000Z")
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(`Z"`))
		if i < 0 {
			return text, changed
		}
		end := at + i + 1
		start := bytes.LastIndexByte(text[:end], '"') + 1
		at = end + 1
		if end-start == normal && text[start+19] == '.' || start < 2 || text[start-2] == '\\' || at < len(text) && text[at] == ':' {
			continue
		}
		if t, ok := parseTime(string(text[start:end])); ok {
			text = slices.Concat(text[:start], []byte(api.Time(t)), text[end:])
			at, changed = start+normal+1, true
		}
	}
}
