package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// upstreamPrefix begins the names of Better Auth's variables. One that is not known is probably
// misspelt.
const upstreamPrefix = "BETTER_AUTH_"

// telemetryPrefix begins the names of OpenTelemetry's variables, of which there are
// more than this server reads.
const telemetryPrefix = "OTEL_"

// overlay lets the environment's variables replace what the file says, or add to it.
func (r *reader) overlay(section reflect.Value, prefix string) (warnings []string) {
	for _, f := range fieldsOf(section.Type()) {
		value, name := f.in(section), prefix+f.name
		if isSection(value.Type()) {
			warnings = append(warnings, r.overlay(value, name+".")...)
			continue
		}
		for _, v := range variablesOf(f.info.Tag) {
			set, warning := r.apply(v, name, f.info.Tag, value)
			if warning != "" {
				warnings = append(warnings, warning)
			}
			if set {
				break
			}
		}
	}
	return warnings
}

// apply lets one variable act on one option and reports whether it did. An empty variable counts as not
// set, as in the original.
func (r *reader) apply(v Variable, option string, tag reflect.StructTag, into reflect.Value) (set bool, warning string) {
	switch into.Type() {
	case neverType:
		return false, ""
	case laterType:
		return false, r.ignored(v, option)
	}
	text, _, err := r.env.lookup(v.Name)
	if err != nil {
		r.problems = append(r.problems, Problem{Text: err.Error()})
		return true, ""
	}
	if text == "" || v.Except != "" && text == v.Except {
		return false, ""
	}
	if err := setVariable(v, tag, into, text); err != nil {
		r.problems = append(r.problems, Problem{Text: v.Name + " " + err.Error()})
	}
	return true, ""
}

func setVariable(v Variable, tag reflect.StructTag, into reflect.Value, text string) error {
	fresh := reflect.New(into.Type()).Elem()
	if err := setText(fresh, text); err != nil {
		return err
	}
	if err := checkBounds(tag, fresh); err != nil {
		return err
	}
	if v.Adds {
		fresh = reflect.AppendSlice(into.Slice3(0, into.Len(), into.Len()), fresh)
	}
	into.Set(fresh)
	return nil
}

// ignored warns of a variable whose option is not built yet.
func (r *reader) ignored(v Variable, option string) string {
	for _, name := range slices.Sorted(maps.Keys(r.env)) {
		if matches(v, name) && r.env[name] != "" {
			what := option + " is"
			if strings.HasSuffix(option, onlyVariable) {
				what = "that is"
			}
			return fmt.Sprintf("%s is set, but %s not supported yet; it has no effect", name, what)
		}
	}
	return ""
}

func matches(v Variable, name string) bool {
	if v.Prefix {
		return strings.HasPrefix(name, v.Name)
	}
	return name == v.Name || name == v.Name+fileSuffix
}

// unknownVariables warns of variables that look like Better Auth's and are not, and
// of those of OpenTelemetry that have no effect.
func unknownVariables(tree reflect.Type, env environment) (warnings []string) {
	known := variablesIn(tree)
	var candidates []string
	for _, v := range known {
		candidates = append(candidates, v.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		upstream := strings.HasPrefix(name, upstreamPrefix)
		telemetry := strings.HasPrefix(name, telemetryPrefix) && env[name] != ""
		if !upstream && !telemetry || isKnown(known, name) {
			continue
		}
		warning := show(name) + " is not a variable that this server reads"
		// Telemetry's names are too much alike to guess.
		if telemetry {
			warnings = append(warnings, warning+"; it has no effect")
			continue
		}
		if guess := nearest(name, candidates); guess != "" {
			warning += "; did you mean " + guess + "?"
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

func isKnown(known []Variable, name string) bool {
	return slices.ContainsFunc(known, func(v Variable) bool { return matches(v, name) })
}

// Variables lists every environment variable of a tree of options, in the order of its declaration.
func Variables(tree reflect.Type) []Variable { return slices.Clone(variablesIn(tree)) }

var variablesIn = perType(func(tree reflect.Type) []Variable {
	var all []Variable
	for _, option := range optionsOf(tree) {
		all = append(all, option.Variables...)
	}
	return all
})
