package legacy

import (
	"regexp"
	"sync"
)

// compiled gives an expression when it is asked for, and compiles it once: few
// servers meet such hashes, and none meets all kinds.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
