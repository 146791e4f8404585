package api

import (
	"regexp"
	"strings"
)

// plainPath keeps out what a router would take for a pattern, and what no
// request could ever name: empty segments and a slash at the end.
var plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)

// IsPlainPath tells whether an option may move a route to that path.
func IsPlainPath(path string) bool {
	return plainPath.MatchString(path) && !strings.Contains(path, "..")
}
