// Package carry turns the options of a Better Auth app, as docs/migrate/print-options.mjs prints them, into
// a configuration file, and lists what a file cannot hold.
//
// It has no list of options of its own. Names and their order come from the tree of server.Config, and what
// cannot stay is found out by asking the server whether it would start with the file: whatever it refuses is
// taken out and listed with the reason that it gives. Only functions, of which the server never hears, have
// words of their own here (substitutes).
package carry

import (
	"fmt"
	"strings"
)

// Options say how a file is made.
type Options struct {
	// WithSecrets writes secrets that were printed into the file, where else their place is a variable.
	WithSecrets bool
}

// Result is a configuration file and what could not go into it.
type Result struct {
	// YAML is the file.
	YAML string
	// Lost is what the file does not hold.
	Lost []Lost
	// Variables are those that must be set where the server runs.
	Variables []Variable
}

// Lost is an option that the file does not hold.
type Lost struct {
	// Name is the option's dotted name.
	Name string
	// Why says what is the matter with it and what to do in its place.
	Why string
	// value is what the app has there; nil for a function.
	value *node
}

// Variable is an environment variable that must be set, and the option that it is for.
type Variable struct{ Name, Option string }

// From makes a configuration out of what the script printed.
func From(text []byte, o Options) (*Result, error) {
	printed, err := decode(text)
	if err != nil {
		return nil, err
	}
	options, err := unwrap(printed)
	if err != nil {
		return nil, err
	}
	t := newTaker(o)
	document := t.document(options)
	t.needs(document)
	if err := t.settle(document); err != nil {
		return nil, err
	}
	t.trim(document)
	return &Result{YAML: t.file(document), Lost: t.lost, Variables: t.variables}, nil
}

// printedForm is the form of what the script prints.
const printedForm = "1"

// unwrap gives the options of what the script printed.
func unwrap(printed *node) (*node, error) {
	const want = "is not what docs/migrate/print-options.mjs prints"
	if printed.kind != object {
		return nil, fmt.Errorf("%s: it holds %s, not an object", want, printed.kind)
	}
	version, options := printed.get("sallyport"), printed.get("options")
	switch {
	case version == nil || options == nil || options.kind != object:
		return nil, fmt.Errorf("%s: print the options of the app with that script", want)
	case version.text != printedForm:
		return nil, fmt.Errorf("was printed in form %s and this version reads form %s: use the script of this version", clip(version.text), printedForm)
	}
	return options, nil
}

// clip keeps a foreign text to one short line.
func clip(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 80 {
		return strings.ToValidUTF8(text[:80], "") + "..."
	}
	return text
}
