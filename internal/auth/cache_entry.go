package auth

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
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
