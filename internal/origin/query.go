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
		return "", errors.New("appending to a redirect target: not a path on this server or a plain URL")
	}
	if len(pairs) == 0 {
		return target, nil
	}
	if u.query != "" && !strings.HasSuffix(u.query, "&") {
		u.query += "&"
	}
	u.query += encodePairs(pairs)
	u.hasQuery = true
	if u.special() && u.path == "" {
		u.path = "/"
	}
	return u.front(u.hostPort()) + u.path + u.back(), nil
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
