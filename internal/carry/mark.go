package carry

import "strings"

// markOf tells which mark stands in the place of a value that JSON has no form for: "$function", say. It is
// "" for a value.
func markOf(n *node) string {
	if n.kind != object || len(n.keys) == 0 || !strings.HasPrefix(n.keys[0], "$") {
		return ""
	}
	return n.keys[0]
}

// The marks of the script.
const (
	isFunction = "$function"
	isInstance = "$instance"
	isVariable = "$env"
	isSecret   = "$secret"
	isDate     = "$date"
)

// described says what a mark stands for; false for those that have a form of their own.
func described(n *node) (string, bool) {
	switch markOf(n) {
	case isFunction:
		return "is a function, which a file cannot hold", true
	case isInstance:
		return "is an object of class " + clip(n.get(isInstance).text) + ", which a file cannot hold", true
	case "$regexp":
		return "is a regular expression, which no option of a file is", true
	case "$symbol", "$bigint", "$number":
		return "is a value that a file cannot hold", true
	case "$long":
		return "is too long to be carried over", true
	case "$deep", "$cycle":
		return "goes round in a circle or too deep to be carried over", true
	case "$error":
		return "could not be read in the app: " + clip(n.get("$error").text), true
	}
	return "", false
}

// holdsFunction finds a function somewhere in a value.
func holdsFunction(n *node) bool {
	if markOf(n) == isFunction {
		return true
	}
	for _, m := range n.members {
		if holdsFunction(m) {
			return true
		}
	}
	return false
}
