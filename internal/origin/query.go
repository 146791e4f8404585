package origin

import (
	"errors"
	"strings"
)

// Pair is one query parameter.
type Pair struct{ Name, Value string }

// AppendQuery adds parameters to a redirect target that has been decided upon
// already: after the query it has, before its fragment, in the encoding of
// HTML forms (a space is "+"). Like Better Auth it writes the target in the
// normal form of URLs then (a web site without a path gets "/", a default port
// goes); without parameters it returns the target unchanged. A target that
// the strict parser refuses is an error.
func AppendQuery(target string, pairs ...Pair) (string, error) {
	u, ok := parse(target)
	if !ok || u.forbidden() {
		return "", errNoTarget
	}
	if len(pairs) == 0 {
		return target, nil
	}
	if u.query != "" && !strings.HasSuffix(u.query, "&") {
		u.query += "&"
	}
	return u.normal(u.query + encodePairs(pairs)), nil
}

// SetQuery is AppendQuery for the other way in which Better Auth does it: the
// target becomes absolute, a parameter of the same name is replaced, and the
// whole query is written anew. Self is the origin of this server.
func SetQuery(self, target string, pairs ...Pair) (string, error) {
	if strings.HasPrefix(target, "/") {
		if u, ok := parse(target); !ok || u.forbidden() {
			return "", errNoTarget
		}
		target = self + target
	}
	u, ok := parse(target)
	if !ok || u.forbidden() {
		return "", errNoTarget
	}
	query := ReadForm(u.query)
	for _, pair := range pairs {
		query = setPair(query, pair)
	}
	return u.normal(encodePairs(query)), nil
}

// setPair puts a parameter in the place of the first one of its name, and
// removes the others.
func setPair(query []Pair, pair Pair) []Pair {
	kept, set := query[:0], false
	for _, have := range query {
		switch {
		case have.Name != pair.Name:
			kept = append(kept, have)
		case !set:
			kept, set = append(kept, pair), true
		}
	}
	if !set {
		kept = append(kept, pair)
	}
	return kept
}

var errNoTarget = errors.New("appending to a redirect target: not a path on this server or a plain URL")

// normal writes the URL with another query in the normal form of URLs.
func (u *parsed) normal(query string) string {
	u.query, u.hasQuery = query, true
	if u.special() && u.path == "" {
		u.path = "/"
	}
	return u.front(u.hostPort()) + u.path + u.back()
}

// encodePairs writes parameters as HTML forms do.
func encodePairs(pairs []Pair) string {
	var out strings.Builder
	for i, pair := range pairs {
		if i > 0 {
			out.WriteByte('&')
		}
		writeForm(&out, pair.Name)
		out.WriteByte('=')
		writeForm(&out, pair.Value)
	}
	return out.String()
}

// writeForm writes one name or value. net/url differs from the form encoding
// of browsers in two characters: it encodes "*" and leaves "~".
func writeForm(out *strings.Builder, s string) {
	for _, char := range []byte(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case 'a' <= char|0x20 && char|0x20 <= 'z', '0' <= char && char <= '9', strings.IndexByte("*-._", char) >= 0:
			out.WriteByte(char)
		case char == ' ':
			out.WriteByte('+')
		default:
			out.WriteByte('%')
			out.WriteByte(upperHex[char>>4])
			out.WriteByte(upperHex[char&15])
		}
	}
}
