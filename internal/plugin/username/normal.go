package username

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// normalizer gives the function for a form, which does nothing the second time.
func normalizer(form string) func(string) string {
	switch form {
	case lowercase:
		return toLower
	case trim:
		return trimmed
	}
	return func(name string) string { return name }
}

// toLower is String.prototype.toLowerCase: the full mappings of Unicode, where İ
// becomes two characters and a sigma knows the end of a word.
func toLower(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return cases.Lower(language.Und).String(s)
		}
	}
	return strings.ToLower(s)
}

// trimmed is String.prototype.trim.
func trimmed(s string) string { return strings.Trim(s, whitespace) }

// whitespace is what ECMA-262 calls so (section 22.1.3.32): WhiteSpace and
// LineTerminator.
const whitespace = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
