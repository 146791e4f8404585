package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// cookieCache keeps a copy of session and user in the cookie session_data, so
// that reading a session needs no database. nil means that there is none.
type cookieCache struct {
	version string
	form    cacheForm
}

// cacheForm is how the copy is written in a cookie, and protected: by the current
// secret alone. An older one that has leaked would make anybody out of a user, and
// the database knows what a copy from before a rotation says.
type cacheForm interface {
	write(ctx context.Context, c *cacheCopy) (string, error)
	// read gives what a genuine cookie says; it is false for any other.
	read(ctx context.Context, value string, now time.Time) (*cacheEntry, bool)
}

// cacheCopy is what goes into a cookie.
type cacheCopy struct {
	session *store.Session
	user    *store.User
	body    api.Object // session, user, updatedAt, version
	now     time.Time
	// age is the cookie's own life in seconds, 0 where it ends with the browser
	// session. Each form then has a life of its own.
	age int
}

// defaultCacheVersion is the version of a copy where nobody names one.
const defaultCacheVersion = "1"

// newCookieCache gives the cache of a configuration.
func (a *Auth) newCookieCache() (*cookieCache, error) {
	cfg := &a.Config.Session.CookieCache
	cache := &cookieCache{version: cfg.Version}
	if cache.version == "" {
		cache.version = defaultCacheVersion
	}
	switch cfg.Strategy {
	case "jwt":
		cache.form = signedForm{a}
	case "jwe":
		box, err := jose.NewBox(a.Secrets, "better-auth-session")
		if err != nil {
			return nil, err
		}
		cache.form = encryptedForm{a, box}
	default:
		cache.form = compactForm{a}
	}
	return cache, nil
}

// writeCache sends a copy of session and user. The answer does not depend on
// it: a copy that cannot be made is left out.
func (a *Auth) writeCache(c *api.Call, s *store.Session, user *store.User, remember bool) {
	if a.cache == nil {
		return
	}
	cookie := a.cookies.sessionData
	if !remember {
		cookie.MaxAge = nil
	}
	copied := &cacheCopy{session: s, user: user, body: a.cacheBody(s, user), now: a.Time()}
	if cookie.MaxAge != nil {
		copied.age = *cookie.MaxAge
	}
	var err error
	if cookie.Value, err = a.cache.form.write(c.Request.Context(), copied); err != nil {
		c.Log.Warn("the session could not be kept in a cookie", "error", err)
		return
	}
	if !setParts(c, cookie) {
		c.Log.Warn("the session is too large for a cookie and is not kept in one: return fewer or smaller fields of users and sessions", "bytes", len(cookie.Value))
	}
	a.renewAccountCookie(c, user.ID)
}

func (a *Auth) cacheBody(s *store.Session, user *store.User) api.Object {
	body := make(api.Object, 0, 10) // forms add members of their own
	return append(body,
		api.Member{Key: "session", Value: a.SessionOutput(s)}, api.Member{Key: "user", Value: a.UserOutput(user)},
		api.Member{Key: "updatedAt", Value: a.Time().UnixMilli()}, api.Member{Key: "version", Value: a.cache.version})
}

// readCache takes session and user from the cookie, if that is genuine, current
// and belongs to the session token. A cookie that is none of it is removed from
// the browser.
func (a *Auth) readCache(ctx context.Context, c *api.Call, token string) bool {
	value := joinParts(c, a.cookies.sessionData.Name)
	if value == "" {
		return false
	}
	now := a.Time()
	entry, ok := a.cache.form.read(ctx, value, now)
	if !ok || entry.session.Token != token || entry.version != a.cache.version ||
		entry.until.Before(now) || entry.session.ExpiresAt.Before(now) {
		c.ExpireCookie(a.cookies.sessionData)
		return false
	}
	c.Session, c.User = entry.session, entry.user
	return true
}

// CacheKeys sign the session cookie cache in place of the secret, so that others
// can verify it with a published key.
type CacheKeys interface {
	SignCache(ctx context.Context, payload []byte) (string, error)
	VerifyCache(token string) (payload []byte, err error)
}

// SignCacheWith makes keys sign the session cookie cache. It is called while
// plugins are made.
func (a *Auth) SignCacheWith(keys CacheKeys) error {
	cfg := &a.Config.Session.CookieCache
	if cfg.Strategy != "jwt" {
		return fmt.Errorf("session.cookieCache.strategy must be jwt, not %s", strings.ToLower(cfg.Strategy))
	}
	if a.cache != nil {
		a.cache.form = publishedForm{a, keys}
	}
	return nil
}
