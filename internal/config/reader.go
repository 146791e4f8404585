package config

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// reader fills a tree of options from a parsed file and gathers what is wrong.
type reader struct {
	file     string
	env      environment
	known    []string // every dotted name, for the nearest one
	misnamed map[string]string
	problems Problems
}

// readFile fills into, a pointer to a struct of options, from the text of a file.
func (r *reader) readFile(into reflect.Value, text []byte) {
	root, err := parse(text)
	var problem Problem
	if errors.As(err, &problem) {
		problem.File = r.file
		r.problems = append(r.problems, problem)
		return
	}
	if root == nil || isNull(root) {
		return
	}
	r.section(root, "", into.Elem())
}

func (r *reader) problem(at token.Position, name, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if name != "" {
		text = name + " " + text
	}
	r.problems = append(r.problems, Problem{File: r.file, Line: at.Line, Column: at.Column, Text: text})
}

// section reads an object into a struct of options.
func (r *reader) section(node ast.Node, name string, into reflect.Value) {
	fields := map[string]field{}
	for _, f := range fieldsOf(into.Type()) {
		if f.name != onlyVariable {
			fields[f.name] = f
		}
	}
	given := r.object(node, name, func(key, full string, at token.Position, value ast.Node) {
		f, ok := fields[key]
		if !ok {
			r.unknown(at, name, key, into)
			return
		}
		r.option(at, full, f.info.Tag, value, f.in(into))
	})
	for _, f := range fieldsOf(into.Type()) {
		if f.tag("required") != "" && !given[f.name] {
			r.problem(place(node), join(name, f.name), "is missing")
		}
	}
	r.check(place(node), name, into)
}

// object calls read for every entry of an object and returns the keys it had.
func (r *reader) object(node ast.Node, name string, read func(key, full string, at token.Position, value ast.Node)) map[string]bool {
	given := map[string]bool{}
	entries, ok := pairs(node)
	if !ok {
		r.problem(place(node), orFile(name), "%s", errObject)
		return given
	}
	first := map[string]int{}
	for _, entry := range entries {
		at := *entry.Key.GetToken().Position
		key, ok := keyText(entry.Key)
		if !ok {
			r.problem(at, orFile(name), "uses a YAML merge or a key that is not a name; write the options out")
			continue
		}
		full := join(name, show(key))
		if line, twice := first[key]; twice {
			r.problem(at, full, "is given twice, first in line %d", line)
			continue
		}
		first[key], given[key] = at.Line, true
		read(key, full, at, entry.Value)
	}
	return given
}

// option reads the value of one key, whatever its type.
func (r *reader) option(at token.Position, name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	switch {
	case into.Type() == laterType:
		r.problem(at, name, "is not supported yet")
	case into.Type() == neverType:
		r.problem(at, name, "cannot be honoured here; %s", tag.Get("instead"))
	case isNull(node):
		r.null(at, name, into)
	case isIndirect(node):
		r.problem(place(node), name, "uses a YAML anchor, alias or tag; write the value out")
	default:
		r.value(name, tag, node, into)
	}
}

// null reads a key without a value, which names a section or turns a plugin on and is a mistake
// elsewhere.
func (r *reader) null(at token.Position, name string, into reflect.Value) {
	switch {
	case isSection(into.Type()) && !implements[Switchable](into.Type()):
	case into.Kind() == reflect.Pointer && isSection(into.Type().Elem()):
		into.Set(reflect.New(into.Type().Elem()))
	default:
		r.problem(at, name, "has no value; give it one or take the key out")
	}
}

func (r *reader) value(name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	t := into.Type()
	switch {
	case implements[Unmarshaler](t):
		r.custom(name, node, into)
	case t.Kind() == reflect.Pointer:
		into.Set(reflect.New(t.Elem()))
		r.value(name, tag, node, into.Elem())
	case implements[Switchable](t):
		r.switchable(name, node, into)
	case isSection(t):
		r.section(node, name, into)
		r.order(node, into)
	case implements[entries](t):
		r.ordered(name, tag, node, into)
	case t.Kind() == reflect.Map:
		r.mapping(name, tag, node, into)
	case t.Kind() == reflect.Slice:
		r.list(name, tag, node, into)
	default:
		r.scalar(name, tag, node, into)
	}
}

// switchable reads a section that may also be false.
func (r *reader) switchable(name string, node ast.Node, into reflect.Value) {
	if _, isObject := pairs(node); isObject {
		r.section(node, name, into)
		return
	}
	if word, ok := node.(*ast.BoolNode); !ok || word.Value {
		r.problem(place(node), name, "%s, or false", errObject)
		return
	}
	off, _ := as[Switchable](into)
	off.SwitchOff()
}

func (r *reader) order(node ast.Node, into reflect.Value) {
	orderer, ok := as[Orderer](into)
	if !ok {
		return
	}
	var keys []string
	entries, _ := pairs(node)
	for _, entry := range entries {
		if key, ok := keyText(entry.Key); ok {
			keys = append(keys, key)
		}
	}
	orderer.SetOrder(keys)
}

func (r *reader) ordered(name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	into.Set(reflect.MakeSlice(into.Type(), 0, 0))
	r.object(node, name, func(key, full string, at token.Position, value ast.Node) {
		entry := reflect.New(into.Type().Elem()).Elem()
		entry.Field(0).SetString(key)
		r.option(at, full, tag, value, entry.Field(1))
		if checker, ok := as[NameChecker](entry.Field(1)); ok {
			if err := checker.CheckName(key); err != nil {
				r.problem(at, full, "%s", err)
			}
		}
		into.Set(reflect.Append(into, entry))
	})
}

func (r *reader) mapping(name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	into.Set(reflect.MakeMap(into.Type()))
	r.object(node, name, func(key, full string, at token.Position, value ast.Node) {
		item := reflect.New(into.Type().Elem()).Elem()
		r.option(at, full, tag, value, item)
		into.SetMapIndex(reflect.ValueOf(key), item)
	})
	r.check(place(node), name, into)
}

func (r *reader) list(name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		r.problem(place(node), name, "%s", errList)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), 0, len(sequence.Values)))
	for i, value := range sequence.Values {
		item := reflect.New(into.Type().Elem()).Elem()
		r.option(place(value), fmt.Sprintf("%s[%d]", name, i), tag, value, item)
		into.Set(reflect.Append(into, item))
	}
	r.check(place(node), name, into)
}

// check asks an option's own type.
func (r *reader) check(at token.Position, name string, value reflect.Value) {
	if checker, ok := as[Checker](value); ok {
		if err := checker.CheckOption(); err != nil {
			r.problem(at, name, "%s", err)
		}
	}
}

func join(section, key string) string {
	if section == "" {
		return key
	}
	return section + "." + key
}

// orFile names the whole file where there is no option to name.
func orFile(name string) string {
	if name == "" {
		return "the configuration"
	}
	return name
}

// unknown reports a key that is no option, and the option that was probably meant.
func (r *reader) unknown(at token.Position, section, key string, parent reflect.Value) {
	name := join(section, show(key))
	if right := r.rightName(key, parent); right != "" {
		r.problem(at, name, "is not an option; use %s", right)
		return
	}
	if strings.Contains(key, ".") {
		r.problem(at, name, "is not an option; write each part as a key of its own, one inside the other")
		return
	}
	if guess := r.guess(section, key, parent); guess != "" {
		r.problem(at, name, "is not an option; did you mean %s?", guess)
		return
	}
	r.problem(at, name, "is not an option")
}

// guess looks among the options of the same section first, which may stand below a key of the
// operator's choice, and then everywhere.
func (r *reader) guess(section, key string, parent reflect.Value) string {
	var beside []string
	for _, f := range fieldsOf(parent.Type()) {
		if f.name != onlyVariable {
			beside = append(beside, join(section, f.name))
		}
	}
	if guess := nearest(join(section, key), beside); guess != "" {
		return guess
	}
	return nearest(join(section, key), r.known)
}

func (r *reader) rightName(key string, parent reflect.Value) string {
	if m, ok := as[Misnamer](parent); ok {
		if right := m.Misnamed()[key]; right != "" {
			return right
		}
	}
	return r.misnamed[key]
}
