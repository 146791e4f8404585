package origin

import (
	"regexp"
	"strings"
)

// Pieces of the expressions that globs become. One separator of a pattern
// stands for any run of slashes and backslashes.
const (
	globChar         = `[^/\\]`
	globRun          = `[^/\\]*`
	globSeparator    = `[/\\]+`
	globEndSeparator = `[/\\]*`
)

// compileWildcard translates a glob: "?" is one character and "*" any run of
// characters within a segment, a whole segment "**" any run of segments, and a
// backslash takes the next character literally.
func compileWildcard(glob string) (*regexp.Regexp, error) {
	var out strings.Builder
	segments := strings.Split(glob, "/")
	for i, segment := range segments {
		if segment == "" && i > 0 {
			continue
		}
		separator := separatorAfter(segments, i)
		if segment == "**" {
			writeAnySegments(&out, i, separator)
			continue
		}
		writeSegment(&out, segment)
		out.WriteString(separator)
	}
	return regexp.Compile(`^(?s:` + out.String() + `)$`)
}

// separatorAfter is what must stand between segment i and the next.
func separatorAfter(segments []string, i int) string {
	switch {
	case i == len(segments)-1:
		return globEndSeparator
	case segments[i+1] != "**":
		return globSeparator
	default:
		return ""
	}
}

// writeAnySegments writes a "**". Before another "**" it adds nothing.
func writeAnySegments(out *strings.Builder, i int, separator string) {
	if separator == "" {
		return
	}
	if i > 0 {
		out.WriteString(separator)
	}
	out.WriteString(`(?:` + globRun + separator + `)*`)
}

// writeSegment writes the characters of one segment.
func writeSegment(out *strings.Builder, segment string) {
	escaped := false
	for _, char := range segment {
		switch {
		case escaped:
			out.WriteString(regexp.QuoteMeta(string(char)))
			escaped = false
		case char == '\\':
			escaped = true
		case char == '?':
			out.WriteString(globChar)
		case char == '*':
			out.WriteString(globRun)
		default:
			out.WriteString(regexp.QuoteMeta(string(char)))
		}
	}
}
