package carry

import (
	"regexp"
	"sync"
)

// compiled gives an expression when it is asked for, and compiles it once: the
// server, which is the same program, never does.
func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
