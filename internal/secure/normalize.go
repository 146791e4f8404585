package secure

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// nfkc normalises text as JavaScript's normalize("NFKC") does. norm.NFKC.String alone will not do: it
// breaks runs of more than 30 combining marks with U+034F, and such a password, once hashed by Better
// Auth, would never match again.
func nfkc(text string) string {
	if isASCII(text) {
		return text
	}
	runes := make([]rune, 0, len(text))
	for _, r := range text {
		runes = append(runes, []rune(norm.NFKD.String(string(r)))...)
	}
	sortMarks(runes)
	return string(compose(runes))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func combiningClass(r rune) uint8 { return norm.NFKD.PropertiesString(string(r)).CCC() }

// sortMarks puts each run of combining marks into canonical order (Unicode, section 3.11, D109).
func sortMarks(runes []rune) {
	for start := 0; start < len(runes); start++ {
		end := start
		for end < len(runes) && combiningClass(runes[end]) != 0 {
			end++
		}
		slices.SortStableFunc(runes[start:end], func(a, b rune) int {
			return int(combiningClass(a)) - int(combiningClass(b))
		})
		start = end
	}
}

// compose joins each starter with the marks that are not blocked from it (Unicode, D117), in place.
func compose(runes []rune) []rune {
	out := runes[:0]
	starter := -1        // index in out of the last starter
	previous := uint8(0) // class of the last rune of out
	for _, r := range runes {
		class := combiningClass(r)
		adjacent := starter == len(out)-1
		if starter >= 0 && (adjacent || previous < class) {
			if joined, ok := join(out[starter], r); ok {
				out[starter] = joined
				continue
			}
		}
		if class == 0 {
			starter = len(out)
		}
		previous = class
		out = append(out, r)
	}
	return out
}

// join gives the single rune that a and b compose to, if there is one.
func join(a, b rune) (rune, bool) {
	joined := norm.NFC.String(string(a) + string(b))
	r, size := utf8.DecodeRuneInString(joined)
	return r, size == len(joined)
}
