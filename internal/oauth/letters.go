package oauth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SmallLetters writes an address as users are found by it: in small letters. A
// letter outside ASCII stays outside it, whatever its small form is: who has the one
// mailbox need not have the other.
func SmallLetters(address string) string {
	return strings.Map(func(r rune) rune {
		small := unicode.ToLower(r)
		if r >= utf8.RuneSelf && small < utf8.RuneSelf {
			return r
		}
		return small
	}, address)
}
