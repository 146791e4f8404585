package secure

import "unicode/utf8"

// CodePoints is the length by which the minimum length of a password is judged.
func CodePoints(text string) int { return utf8.RuneCountInString(text) }

// UTF16Length is what JavaScript calls the length of text, by which maximum lengths are judged:
// characters outside the basic plane, most emoji among them, count twice.
func UTF16Length(text string) int {
	length := 0
	for _, r := range text {
		length++
		if r > 0xFFFF {
			length++
		}
	}
	return length
}
