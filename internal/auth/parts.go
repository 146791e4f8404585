package auth

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Bounds of a cookie that is sent in numbered parts. Browsers keep about 4 KiB
// of each, name and attributes included.
const (
	maxPartSize = 4050
	maxParts    = 100
)

// partsOf cuts a cookie whose line would be too long for browsers into
// name.0, name.1, ... The values of session_data need no escapes. It is false
// where even the largest number of parts could not hold the value.
func partsOf(cookie api.Cookie) ([]api.Cookie, bool) {
	room := roomForValue(cookie)
	if room > 0 && len(cookie.Value) <= room {
		return []api.Cookie{cookie}, true
	}
	if room <= 0 || len(cookie.Value) > room*maxParts {
		return nil, false
	}
	var parts []api.Cookie
	for value := range slices.Chunk([]byte(cookie.Value), room) {
		part := cookie
		part.Name, part.Value = cookie.Name+"."+strconv.Itoa(len(parts)), string(value)
		parts = append(parts, part)
	}
	return parts, true
}

// roomForValue is how long the value of a part may be.
func roomForValue(cookie api.Cookie) int {
	cookie.Name, cookie.Value = cookie.Name+".99", ""
	return maxPartSize - len(cookie.String())
}

// setParts sends a cookie in as many parts as it needs, and expires the parts
// of its predecessor that the request brought along. Those come first and in
// the request's order; a new part stands in the place of the old one.
func setParts(c *api.Call, cookie api.Cookie) (fits bool) {
	parts, fits := partsOf(cookie)
	for name := range c.Cookies() {
		if !isPartOf(name, cookie.Name) {
			continue
		}
		if i := slices.IndexFunc(parts, func(p api.Cookie) bool { return p.Name == name }); i >= 0 {
			c.SetCookie(parts[i])
			parts = slices.Delete(parts, i, i+1)
			continue
		}
		old := cookie
		old.Name = name
		c.SetCookie(old.Expired())
	}
	for _, part := range parts {
		c.SetCookie(part)
	}
	return fits
}

// joinParts gives the value of a cookie that the request brings along, whole or
// in parts; it is empty where there is none.
func joinParts(c *api.Call, name string) string {
	if whole, ok := c.Cookie(name); ok && whole != "" {
		return whole
	}
	type part struct {
		index int
		value string
	}
	var parts []part
	for full, value := range c.Cookies() {
		if index, ok := partIndex(full, name); ok {
			parts = append(parts, part{index, value})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.index, b.index) })
	var joined strings.Builder
	for _, p := range parts {
		joined.WriteString(p.value)
	}
	return joined.String()
}

// isPartOf tells whether name is cookie itself or cookie.0, cookie.1, ...
func isPartOf(name, cookie string) bool {
	_, numbered := partIndex(name, cookie)
	return name == cookie || numbered
}

// partIndex gives the number of a part, which is written in one way only.
func partIndex(name, cookie string) (int, bool) {
	rest, ok := strings.CutPrefix(name, cookie)
	if !ok || len(rest) < 2 || rest[0] != '.' {
		return 0, false
	}
	n, err := strconv.Atoi(rest[1:])
	return n, err == nil && n >= 0 && strconv.Itoa(n) == rest[1:]
}
