package oauth

import (
	"slices"
	"strconv"
	"strings"
)

// Form is an ordered form, encoded as URLSearchParams does
// (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
type Form []Param

// Set replaces the value of a name in its place, or appends it.
func (f *Form) Set(name, value string) {
	if i := f.index(name); i >= 0 {
		(*f)[i].Value = value
		return
	}
	*f = append(*f, Param{name, value})
}

func (f Form) index(name string) int {
	return slices.IndexFunc(f, func(p Param) bool { return p.Name == name })
}

func (f Form) has(name string) bool { return f.index(name) >= 0 }

// String encodes the form.
func (f Form) String() string {
	var b strings.Builder
	for i, p := range f {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(FormEncode(p.Name))
		b.WriteByte('=')
		b.WriteString(FormEncode(p.Value))
	}
	return b.String()
}

// FormEncode encodes one value: everything but letters, digits and *-._ as
// percents, and a space as +.
func FormEncode(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("*-._", c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('+')
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// ParsePair reads a part of a query, name and value, as URLSearchParams does.
func ParsePair(pair string) Param {
	name, value, _ := strings.Cut(pair, "=")
	return Param{formDecode(name), formDecode(value)}
}

// formDecode leaves percents that are no octets as they are, and puts U+FFFD in
// the place of what is no UTF-8.
func formDecode(text string) string {
	var b []byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			octet, _ := strconv.ParseUint(text[i+1:i+3], 16, 8)
			b = append(b, byte(octet))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
