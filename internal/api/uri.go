package api

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

const upperHex = "0123456789ABCDEF"

// EncodeURIComponent percent-encodes s as the JavaScript function of that name
// (ECMA-262, section 19.2.6.4): letters, digits and -_.!~*'() stay.
func EncodeURIComponent(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := 0; i < len(s); i++ {
		if c := s[i]; uriUnreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

func uriUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-_.!~*'()", c) >= 0
}

// DecodeURIComponent undoes EncodeURIComponent. It is false for a broken escape
// or one that is not UTF-8, where JavaScript throws.
func DecodeURIComponent(s string) (string, bool) {
	out, err := url.PathUnescape(s)
	return out, err == nil && utf8.ValidString(out)
}

// pair is one name and value of a query string or URL-encoded form.
type pair struct{ name, value string }

// parseForm reads application/x-www-form-urlencoded text as the WHATWG URL
// standard does (section 5.1), which never fails: broken escapes stay as they
// are and invalid UTF-8 becomes U+FFFD.
func parseForm(text string) []pair {
	var pairs []pair
	for field := range strings.SplitSeq(text, "&") {
		if field == "" {
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		pairs = append(pairs, pair{formDecode(name), formDecode(value)})
	}
	return pairs
}

func formDecode(s string) string {
	if !strings.ContainsAny(s, "%+") && utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}
