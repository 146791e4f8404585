package auth

import (
	"bytes"
	"slices"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// parseTime reads a time in the one form that JavaScript writes and the original
// looks for, with any number of decimals.
func parseTime(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05Z") || text[10] != 'T' || text[len(text)-1] != 'Z' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.Truncate(time.Millisecond), err == nil
}

// normalTimes writes every text that is a time with three decimals: Better Auth
// makes times of them when it reads a cookie, whatever field they stand in.
func normalTimes(text []byte) (out []byte, changed bool) {
	const normal = len("2006-01-02T15:04:05.000Z")
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(`Z"`))
		if i < 0 {
			return text, changed
		}
		end := at + i + 1
		start := bytes.LastIndexByte(text[:end], '"') + 1
		at = end + 1
		if end-start == normal && text[start+19] == '.' || start < 2 || text[start-2] == '\\' || at < len(text) && text[at] == ':' {
			continue
		}
		if t, ok := parseTime(string(text[start:end])); ok {
			text = slices.Concat(text[:start], []byte(api.Time(t)), text[end:])
			at, changed = start+normal+1, true
		}
	}
}
