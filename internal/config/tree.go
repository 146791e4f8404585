package config

import (
	"reflect"
	"slices"
	"strings"
)

// State says whether an option can be set.
type State string

// The states of an option.
const (
	Supported   State = "supported"
	NotYet      State = "later"
	NotHonoured State = "never"
)

// Option is one leaf of a tree of options.
type Option struct {
	// Name is the full dotted name. A key that the operator chooses stands as <key>, an item of a list
	// as []. It is "" for what only the environment sets.
	Name  string
	State State
	Type  reflect.Type
	Tag   reflect.StructTag
	// Variables are the environment variables that set it, first one first, as the env tag has them.
	Variables []Variable
}

// Doc returns the sentence that says what the option does, or what to do in its place.
func (o Option) Doc() string {
	if o.State == NotHonoured {
		return "Not honoured here: " + o.Tag.Get("instead") + "."
	}
	return o.Tag.Get("doc")
}

// Variable is one environment variable that sets an option. Every one may also be given as NAME_FILE.
type Variable struct {
	Name string
	// Prefix reports that Name is only how the names of several variables begin.
	Prefix bool
	// Adds reports that the variable adds to a list.
	Adds bool
	// Except is a value that does not count, where there is one.
	Except string
}

// variablesOf reads an env tag.
func variablesOf(tag reflect.StructTag) []Variable {
	var variables []Variable
	for name := range strings.SplitSeq(tag.Get("env"), ",") {
		if name == "" {
			continue
		}
		var v Variable
		name, v.Adds = strings.CutPrefix(name, "+")
		name, v.Except, _ = strings.Cut(name, "!=")
		v.Name, v.Prefix = strings.CutSuffix(name, "*")
		variables = append(variables, v)
	}
	return variables
}

// Options lists every leaf of a tree of options in the order of its declaration.
func Options(tree reflect.Type) []Option { return slices.Clone(optionsOf(tree)) }

var optionsOf = perType(func(tree reflect.Type) []Option {
	var options []Option
	walk(tree, "", func(o Option) { options = append(options, o) })
	return options
})

// names lists the dotted names of a tree, sections among them, without those below a chosen key.
var names = perType(func(tree reflect.Type) []string {
	var list []string
	seen := map[string]bool{}
	add := func(name string) {
		if name != "" && !seen[name] && !strings.ContainsAny(name, "<[") {
			seen[name] = true
			list = append(list, name)
		}
	}
	walk(tree, "", func(o Option) {
		for i, char := range o.Name {
			if char == '.' {
				add(o.Name[:i])
			}
		}
		add(o.Name)
	})
	return list
})

// walk visits every leaf below a struct of options.
func walk(section reflect.Type, prefix string, visit func(o Option)) {
	for _, f := range fieldsOf(section) {
		name := prefix + f.name
		if f.name == onlyVariable {
			name = ""
		}
		walkValue(f.info.Type, Option{Name: name, Tag: f.info.Tag, Variables: variablesOf(f.info.Tag)}, visit)
	}
}

func walkValue(t reflect.Type, o Option, visit func(o Option)) {
	o.Type, o.State = t, Supported
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == laterType:
		o.State = NotYet
	case t == neverType:
		o.State = NotHonoured
	case isSection(t):
		walk(t, o.Name+".", visit)
		return
	case t.Kind() == reflect.Map && isSection(t.Elem()):
		walk(t.Elem(), o.Name+".<key>.", visit)
		return
	case implements[entries](t) && isSection(t.Elem().Field(1).Type):
		walk(t.Elem().Field(1).Type, o.Name+".<key>.", visit)
		return
	case t.Kind() == reflect.Slice && isSection(t.Elem()) && !implements[entries](t):
		visit(o)
		walk(t.Elem(), o.Name+"[].", visit)
		return
	}
	visit(o)
}
