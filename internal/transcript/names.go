package transcript

import (
	"fmt"
	"regexp"
	"strings"
)

// names gives every random value a name by the order of first sight. Equal
// values have equal names wherever they stand, so who is whose stays visible.
type names struct {
	given map[string]string
	count map[string]int
}

func newNames() *names { return &names{given: map[string]string{}, count: map[string]int{}} }

// of returns the name of a value of a kind, such as "<id 2>".
func (n *names) of(kind, value string) string {
	key := kind + " " + value
	if name, ok := n.given[key]; ok {
		return name
	}
	n.count[kind]++
	name := fmt.Sprintf("<%s %d>", kind, n.count[kind])
	n.given[key] = name
	return name
}

// known tells whether a value has been seen before.
func (n *names) known(kind, value string) bool {
	_, known := n.given[kind+" "+value]
	return known
}

var (
	alphanumericRun = regexp.MustCompile(`[A-Za-z0-9]+`)
	uuid            = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

// ids replaces every run of exactly 32 letters and digits (row ids, session
// tokens, key ids), or of 24 (tokens of password resets), and every UUID. Ids and
// tokens share one kind, because their form is the same; which is which shows by
// where they stand.
func (n *names) ids(text string) string {
	text = n.challenges(n.flows(text))
	text = uuid.ReplaceAllStringFunc(text, func(id string) string { return n.of("uuid", id) })
	return alphanumericRun.ReplaceAllStringFunc(text, func(run string) string {
		switch {
		case len(run) == 32 && looksRandom(run):
			return n.of("id", run)
		case len(run) == 24 && looksRandom(run) && !looksWritten(run):
			return n.of("short id", run)
		}
		return run
	})
}

// looksRandom tells a generated value from one a conversation made up by
// repeating a few letters: 32 random ones of 62 always have ten different.
func looksRandom(text string) bool {
	different := 0
	for i := range len(text) {
		if strings.IndexByte(text, text[i]) == i {
			different++
		}
	}
	return different >= 10
}

// looksWritten tells a word from a generated value of 24 characters, which goes
// from one kind of character to another 14 times or so, and hardly ever less
// than five times.
func looksWritten(text string) bool {
	kind := func(c byte) int {
		switch {
		case c <= '9':
			return 0
		case c <= 'Z':
			return 1
		}
		return 2
	}
	changes := 0
	for i := 1; i < len(text); i++ {
		if kind(text[i]) != kind(text[i-1]) {
			changes++
		}
	}
	return changes < 5
}
