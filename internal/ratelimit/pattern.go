package ratelimit

import (
	"regexp"
	"strings"
)

// matches gives the paths of a key of customRules: the one that it spells, or
// with a star in it those that it describes. As in Better Auth a star and a
// question mark stand for characters of one segment, two stars that are a whole
// segment for any number of segments, and a backslash takes the meaning from
// what follows. Without a star neither has a meaning.
func matches(key string) func(path string) bool {
	if !strings.Contains(key, "*") {
		return func(path string) bool { return path == key }
	}
	return regexp.MustCompile(`\A` + expression(key) + `\z`).MatchString
}

// What the parts of a pattern become. A path holds no backslash, since a URL
// reads one as a slash.
const (
	anyCharacter = `[^/]`
	between      = `/+` // of two segments
	atEnd        = `/*`
)

// expression writes a pattern as a regular expression.
func expression(pattern string) string {
	segments := strings.Split(pattern, "/")
	var e strings.Builder
	for i, segment := range segments {
		if segment == "" && i > 0 {
			continue // several slashes are one
		}
		after := between
		switch {
		case i == len(segments)-1:
			after = atEnd
		case segments[i+1] == "**":
			after = "" // two stars bring the slash before them, and match without one
		}
		if segment != "**" {
			e.WriteString(segmentExpression(segment) + after)
			continue
		}
		if after == "" {
			continue // two stars twice are two stars
		}
		if i > 0 {
			e.WriteString(after)
		}
		e.WriteString("(?:" + anyCharacter + "*" + after + ")*")
	}
	return e.String()
}

// segmentExpression is expression for one segment.
func segmentExpression(segment string) string {
	var e strings.Builder
	escaped := false
	for _, char := range segment {
		switch {
		case escaped:
			escaped = false
			e.WriteString(regexp.QuoteMeta(string(char)))
		case char == '\\':
			escaped = true
		case char == '?':
			e.WriteString(anyCharacter)
		case char == '*':
			e.WriteString(anyCharacter + "*")
		default:
			e.WriteString(regexp.QuoteMeta(string(char)))
		}
	}
	return e.String()
}
