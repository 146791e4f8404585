package config

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// scalar reads a text, number or boolean and checks its bounds.
func (r *reader) scalar(name string, tag reflect.StructTag, node ast.Node, into reflect.Value) {
	if why := tag.Get("noNumber"); why != "" && isNumber(node) {
		r.problem(place(node), name, "must not be a number: %s", why)
		return
	}
	if later := tag.Get("laterObject"); later != "" {
		if _, ok := pairs(node); ok {
			r.problem(place(node), name, "as an object %s is not supported yet; give it as a text", later)
			return
		}
	}
	err := r.setScalar(node, into)
	if err == nil {
		err = checkBounds(tag, into)
	}
	if err != nil {
		r.problem(place(node), name, "%s", err)
	}
}

func isNumber(node ast.Node) bool {
	return node.Type() == ast.IntegerType || node.Type() == ast.FloatType
}

// textOf returns the text of a text node.
func textOf(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return node.Value, true
	case *ast.LiteralNode:
		return node.Value.Value, true
	}
	return "", false
}

func (r *reader) setScalar(node ast.Node, into reflect.Value) error {
	text, isText := textOf(node)
	if !isText {
		return setPlain(node, into)
	}
	expanded, changed, err := r.env.expand(text)
	if err != nil {
		return err
	}
	// A number or a switch may stand in a variable, but not between quotes in the file.
	if changed || takesText(into.Type()) {
		return setText(into, expanded)
	}
	return wantedOf(into.Type())
}

func takesText(t reflect.Type) bool {
	return t.Kind() == reflect.String || t == secretType || t == durationType
}

var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})$`)

// setPlain stores a number or a boolean. A number in another notation is refused, because YAML reads
// 0755 as 493.
func setPlain(node ast.Node, into reflect.Value) error {
	kind := into.Kind()
	switch node := node.(type) {
	case *ast.BoolNode:
		if kind == reflect.Bool {
			into.SetBool(node.Value)
			return nil
		}
	case *ast.IntegerNode:
		text := node.GetToken().Value
		if (kind == reflect.Int || kind == reflect.Int64) && plainNumber.MatchString(text) {
			return setText(into, text)
		}
	}
	return wantedOf(into.Type())
}

// wantedOf says what a value must be.
func wantedOf(t reflect.Type) error {
	switch {
	case t == durationType:
		return errDurationForm
	case takesText(t):
		return errText
	case t.Kind() == reflect.Bool:
		return errBool
	}
	return errInt
}

// checkBounds applies the tags min, max and enum, and the type's own check. An enum that ignores case is
// stored as the tag writes it.
func checkBounds(tag reflect.StructTag, value reflect.Value) error {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return nil
		}
		value = value.Elem()
	}
	if checker, ok := as[Checker](value); ok {
		if err := checker.CheckOption(); err != nil {
			return err
		}
	}
	switch value.Kind() {
	case reflect.Int, reflect.Int64:
		return checkRange(tag, value)
	case reflect.String:
		return checkEnum(tag, value)
	}
	return nil
}

func checkRange(tag reflect.StructTag, value reflect.Value) error {
	number, unit := value.Int(), ""
	if value.Type() == durationType {
		number, unit = Duration(number).Seconds(), " s"
	}
	if least, ok := bound(tag, "min"); ok && number < least {
		return fmt.Errorf("must be at least %d%s", least, unit)
	}
	if most, ok := bound(tag, "max"); ok && number > most {
		return fmt.Errorf("must be at most %d%s", most, unit)
	}
	return nil
}

func bound(tag reflect.StructTag, key string) (int64, bool) {
	number, err := strconv.ParseInt(tag.Get(key), 10, 64)
	return number, err == nil
}

func checkEnum(tag reflect.StructTag, value reflect.Value) error {
	allowed := strings.Split(tag.Get("enum"), ",")
	if allowed[0] == "" {
		return nil
	}
	fold := tag.Get("fold") != ""
	i := slices.IndexFunc(allowed, func(text string) bool {
		return text == value.String() || fold && strings.EqualFold(text, value.String())
	})
	if i < 0 {
		return errors.New("must be " + alternatives(allowed))
	}
	value.SetString(allowed[i])
	return nil
}

// alternatives writes "a, b or c".
func alternatives(texts []string) string {
	last := len(texts) - 1
	if last == 0 {
		return texts[0]
	}
	return strings.Join(texts[:last], ", ") + " or " + texts[last]
}

// custom hands the value to an option with a form of its own.
func (r *reader) custom(name string, node ast.Node, into reflect.Value) {
	value, err := r.plain(node)
	if err == nil {
		custom, _ := as[Unmarshaler](into)
		err = custom.UnmarshalOption(value)
	}
	if err != nil {
		r.problem(place(node), name, "%s", err)
	}
}

// plain turns a node into plain Go.
func (r *reader) plain(node ast.Node) (any, error) {
	if isNull(node) {
		return nil, nil
	}
	if text, ok := textOf(node); ok {
		expanded, _, err := r.env.expand(text)
		return expanded, err
	}
	switch node := node.(type) {
	case *ast.BoolNode:
		return node.Value, nil
	case *ast.IntegerNode:
		number, err := strconv.ParseInt(node.GetToken().Value, 10, 64)
		if err != nil {
			return nil, errInt
		}
		return number, nil
	case *ast.FloatNode:
		return node.Value, nil
	case *ast.SequenceNode:
		return r.plainList(node)
	case *ast.MappingNode, *ast.MappingValueNode:
		return r.plainObject(node)
	}
	return nil, errForm
}

func (r *reader) plainObject(node ast.Node) (any, error) {
	object := map[string]any{}
	entries, _ := pairs(node)
	for _, entry := range entries {
		key, ok := keyText(entry.Key)
		if _, twice := object[key]; !ok || twice {
			return nil, errForm
		}
		value, err := r.plain(entry.Value)
		if err != nil {
			return nil, err
		}
		object[key] = value
	}
	return object, nil
}

func (r *reader) plainList(node *ast.SequenceNode) (any, error) {
	list := make([]any, len(node.Values))
	for i, value := range node.Values {
		item, err := r.plain(value)
		if err != nil {
			return nil, err
		}
		list[i] = item
	}
	return list, nil
}
