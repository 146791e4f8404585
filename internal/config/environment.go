package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// fileSuffix makes of a variable's name the name of the one that holds a path to its value.
const fileSuffix = "_FILE"

// environment is the variables of the process by name.
type environment map[string]string

func newEnvironment(assignments []string) environment {
	env := environment{}
	for _, assignment := range assignments {
		name, value, _ := strings.Cut(assignment, "=")
		env[name] = value
	}
	return env
}

// lookup returns the value of NAME, or what the file that NAME_FILE names holds, without its last line
// ending. The error names the variable and never repeats a value.
func (env environment) lookup(name string) (value string, set bool, err error) {
	value, set = env[name]
	path := env[name+fileSuffix]
	if path == "" {
		return value, set, nil
	}
	if value != "" {
		return "", false, fmt.Errorf("%s and %s%s are both set; unset one of them", name, name, fileSuffix)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", false, fmt.Errorf("%s%s names a file that cannot be read: %w", name, fileSuffix, reason(err))
	}
	text := strings.TrimSuffix(string(content), "\n")
	return strings.TrimSuffix(text, "\r"), true, nil
}

// reason is what an error of the file system says besides operation and path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// expand replaces every ${NAME} and ${NAME:-default} in a text; $${ stands for a plain ${. As in a
// shell, the default also replaces an empty value. changed reports that there was something to replace.
func (env environment) expand(text string) (expanded string, changed bool, err error) {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "${")
		if !found {
			out.WriteString(text)
			return out.String(), changed, nil
		}
		if escaped, ok := strings.CutSuffix(before, "$"); ok {
			out.WriteString(escaped + "${")
			text, changed = after, true
			continue
		}
		out.WriteString(before)
		inner, rest, closed := strings.Cut(after, "}")
		if !closed {
			return "", false, errors.New("has a ${ without its }; write $${ for a plain one")
		}
		value, err := env.reference(inner)
		if err != nil {
			return "", false, err
		}
		out.WriteString(value)
		text, changed = rest, true
	}
}

// reference resolves what stands between ${ and }.
func (env environment) reference(inner string) (string, error) {
	name, fallback, hasFallback := strings.Cut(inner, ":-")
	if !isVariableName(name) {
		return "", errors.New("must name a variable between ${ and }, as in ${NAME} or ${NAME:-default}")
	}
	value, set, err := env.lookup(name)
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot be filled in: %w", err)
	case hasFallback && value == "":
		return fallback, nil
	case !set:
		return "", fmt.Errorf("needs the variable %s, which is not set; set it or write ${%s:-default}", name, name)
	}
	return value, nil
}

func isVariableName(name string) bool {
	for i, char := range name {
		letter := char == '_' || char >= 'A' && char <= 'Z' || char >= 'a' && char <= 'z'
		if !letter && (i == 0 || char < '0' || char > '9') {
			return false
		}
	}
	return name != ""
}
