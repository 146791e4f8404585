package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// MaxCookieAge is the longest Max-Age that browsers keep, in seconds (400
// days); the original refuses to write a longer one.
const MaxCookieAge = 34_560_000

// Cookie is one Set-Cookie line. Its attributes are written in the original's
// order.
type Cookie struct {
	// Name is the whole name, prefixes included.
	Name string
	// Value is percent-encoded as encodeURIComponent does when it is written.
	Value string
	// MaxAge is in seconds; nil leaves it out, so that the cookie ends with
	// the browser session.
	MaxAge *int
	// Domain and Path are left out when empty.
	Domain, Path string
	// HTTPOnly, Secure and Partitioned are flags.
	HTTPOnly, Secure, Partitioned bool
	// SameSite is strict, lax or none in any case; its first letter is
	// written in upper case.
	SameSite string
}

// Expired gives c as the line that removes it from a browser.
func (c Cookie) Expired() Cookie {
	zero := 0
	c.Value, c.MaxAge = "", &zero
	return c
}

// String writes the Set-Cookie line. Names with a __Host- or __Secure- prefix
// and SameSite=None force the attributes that browsers demand of them (RFC
// 6265bis, section 4.1.3).
func (c Cookie) String() string {
	c = c.Resolved()
	var b strings.Builder
	b.Grow(len(c.Name) + len(c.Value) + 96)
	b.WriteString(c.Name)
	b.WriteByte('=')
	b.WriteString(EncodeURIComponent(c.Value))
	if c.MaxAge != nil && *c.MaxAge >= 0 {
		b.WriteString("; Max-Age=")
		b.WriteString(strconv.Itoa(*c.MaxAge))
	}
	writeAttribute(&b, "Domain", c.Domain)
	writeAttribute(&b, "Path", c.Path)
	writeFlag(&b, "HttpOnly", c.HTTPOnly)
	writeFlag(&b, "Secure", c.Secure)
	if c.SameSite != "" {
		writeAttribute(&b, "SameSite", strings.ToUpper(c.SameSite[:1])+c.SameSite[1:])
	}
	writeFlag(&b, "Partitioned", c.Partitioned)
	return b.String()
}

// Check refuses what a browser would not keep.
func (c Cookie) Check() error {
	if c.MaxAge != nil && *c.MaxAge > MaxCookieAge {
		return fmt.Errorf("cookie %s: Max-Age %d is over %d seconds (400 days)", c.Name, *c.MaxAge, MaxCookieAge)
	}
	line := http.Cookie{Name: c.Name, Path: c.Path, Domain: c.Domain}
	if err := line.Valid(); err != nil {
		return fmt.Errorf("cookie %s: %w", c.Name, err)
	}
	return nil
}

// Resolved is c with the attributes that its name and others of them force.
func (c Cookie) Resolved() Cookie {
	name := strings.ToLower(c.Name)
	switch {
	case strings.HasPrefix(name, "__host-"):
		c.Secure, c.Path, c.Domain = true, "/", ""
	case strings.HasPrefix(name, "__secure-"):
		c.Secure = true
	}
	if c.Partitioned || strings.EqualFold(c.SameSite, "none") {
		c.Secure = true
	}
	return c
}

func writeAttribute(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString("; ")
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(value)
	}
}

func writeFlag(b *strings.Builder, name string, on bool) {
	if on {
		b.WriteString("; ")
		b.WriteString(name)
	}
}

// requestCookie is one cookie that a browser sent.
type requestCookie struct{ name, value string }

// parseCookies reads a Cookie header as the original does: the first of equal
// names wins, one pair of double quotes is taken off, and percent escapes are
// decoded where they are sound.
func parseCookies(header string) []requestCookie {
	var cookies []requestCookie
	// A list would do for what browsers send, and take a while for the ten
	// thousand names that fit into the headers.
	seen := make(map[string]bool)
	for pair := range strings.SplitSeq(header, ";") {
		name, value, ok := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		if ok && !seen[name] {
			seen[name] = true
			cookies = append(cookies, requestCookie{name, cookieValue(strings.TrimSpace(value))})
		}
	}
	return cookies
}

func cookieValue(v string) string {
	if strings.HasPrefix(v, `"`) {
		v = v[1:max(1, len(v)-1)]
	}
	if !strings.Contains(v, "%") {
		return v
	}
	if decoded, ok := DecodeURIComponent(v); ok {
		return decoded
	}
	return v
}

// SecondsPtr gives n for Cookie.MaxAge, cut at the largest int32 so that a huge
// configured time cannot overflow.
func SecondsPtr(n int64) *int {
	v := int(min(n, math.MaxInt32))
	return &v
}
