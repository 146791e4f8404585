package config

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
)

const (
	// FileVariable names the configuration file where no flag does.
	FileVariable = "SALLYPORT_CONFIG"
	// DefaultFile is read where neither names one, if it is there.
	DefaultFile = "sallyport.yaml"
	// starterName stands for the file in messages about the starter.
	starterName = "the starter configuration"
)

// Source is what a configuration is read from.
type Source struct {
	// Name is the file's name for messages.
	Name string
	// Text is the file, YAML or JSON.
	Text []byte
	// Environment holds NAME=value, as os.Environ does.
	Environment []string
}

// Starter reports that there is no file, and the starter stands in.
func (s Source) Starter() bool { return s.Name == starterName }

// Find returns what to read: the file that a flag names, else the one that the environment names, else
// the default file, else the starter.
func Find(flag, starter string, environment []string) (Source, error) {
	source := Source{Name: flag, Environment: environment}
	if source.Name == "" {
		var err error
		if source.Name, _, err = newEnvironment(environment).lookup(FileVariable); err != nil {
			return Source{}, Problems{{Text: err.Error()}}
		}
	}
	named := source.Name != ""
	if !named {
		source.Name = DefaultFile
	}
	text, err := os.ReadFile(source.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		source.Name, source.Text = starterName, []byte(starter)
	case err != nil:
		return Source{}, Problems{{File: source.Name, Text: "cannot be read: " + reason(err).Error()}}
	default:
		source.Text = text
	}
	return source, nil
}

// Load fills into, a pointer to a struct of options, from the file and then the environment. It does
// not set defaults. The warnings are lines for the log. The error is of type Problems and holds
// everything that is wrong, each in a line of its own.
func Load(into any, source Source) (warnings []string, err error) {
	tree := reflect.ValueOf(into)
	env := newEnvironment(source.Environment)
	r := &reader{file: source.Name, env: env, known: names(tree.Type().Elem())}
	if m, ok := into.(Misnamer); ok {
		r.misnamed = m.Misnamed()
	}
	r.readFile(tree, source.Text)
	warnings = append(warnings, r.overlay(tree.Elem(), "")...)
	warnings = append(warnings, unknownVariables(tree.Type().Elem(), env)...)
	return warnings, r.problems.inOrder()
}
