package secure

import (
	"strconv"
	"strings"
)

// tagOf is what stands before a text that the secret of a version has encrypted.
func tagOf(version int) string { return envelopePrefix + strconv.Itoa(version) + "$" }

// Tag gives the beginning of an encrypted text that says which secret opens it. It is empty for the
// secret without a version.
func Tag(text string) string {
	rest, tagged := strings.CutPrefix(text, envelopePrefix)
	if !tagged {
		return ""
	}
	number, _, _ := strings.Cut(rest, "$")
	return envelopePrefix + number + "$"
}

// SecretOf names the secret of a tag, for people.
func SecretOf(tag string) string {
	if tag == "" {
		return "the secret without a version"
	}
	return "version " + strings.TrimSuffix(strings.TrimPrefix(tag, envelopePrefix), "$")
}
