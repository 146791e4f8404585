package config

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFile bounds a configuration file, in bytes.
const maxFile = 256 << 10

// parse reads YAML, and so JSON, into one node; nil for a file without content. The error is a Problem
// without the name of the file.
func parse(text []byte) (_ ast.Node, err error) {
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	switch {
	case len(text) > maxFile:
		return nil, Problem{Text: fmt.Sprintf("is larger than %d KiB", maxFile>>10)}
	case !utf8.Valid(text), bytes.IndexByte(text, 0) >= 0:
		return nil, Problem{Text: "is not UTF-8 text"}
	}
	// A mistake of the library's must not end in a stack trace for the operator.
	defer func() {
		if recover() != nil {
			err = Problem{Text: "cannot be read as YAML"}
		}
	}()
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(err)
	}
	return onlyDocument(file)
}

func syntaxProblem(err error) Problem {
	problem := Problem{Text: "cannot be read as YAML"}
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return problem
	}
	problem.Text += ": " + oneLine(syntax.GetMessage())
	if at := syntax.GetToken(); at != nil && at.Position != nil {
		problem.Line, problem.Column = at.Position.Line, at.Position.Column
	}
	return problem
}

func onlyDocument(file *ast.File) (ast.Node, error) {
	var found ast.Node
	for _, document := range file.Docs {
		if document.Body == nil || document.Body.Type() == ast.DirectiveType {
			continue
		}
		if found != nil {
			at := place(document.Body)
			return nil, Problem{Line: at.Line, Column: at.Column, Text: "is a second YAML document; only one is read"}
		}
		found = document.Body
	}
	return found, nil
}

// place returns where a node begins, for messages.
func place(node ast.Node) token.Position {
	at := node.GetToken()
	if mapping, ok := node.(*ast.MappingNode); ok && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		at = mapping.Values[0].Key.GetToken() // the mapping's own token is the first colon
	}
	if at == nil || at.Position == nil {
		return token.Position{}
	}
	return *at.Position
}

// keyText returns the text of a key, and false for the kinds of key that a file of options has no use
// for.
func keyText(key ast.MapKeyNode) (string, bool) {
	switch key := key.(type) {
	case *ast.StringNode:
		return key.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return key.GetToken().Value, true
	}
	return "", false
}

// pairs returns the entries of a mapping, and false when the node is none.
func pairs(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch node := node.(type) {
	case *ast.MappingNode:
		return node.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}, true
	}
	return nil, false
}

// isNull reports whether a key stands there without a value.
func isNull(node ast.Node) bool {
	return node == nil || node.Type() == ast.NullType
}

// isIndirect reports whether a node says what it is by an anchor, an alias or a tag.
func isIndirect(node ast.Node) bool {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return true
	}
	return false
}

// show writes a name from the file so that it keeps to one line and is bounded.
func show(name string) string {
	if len(name) > maxCompared {
		name = name[:maxCompared] + "..."
	}
	for _, char := range name {
		if char <= ' ' || char == '"' || char > '~' {
			return strconv.Quote(name)
		}
	}
	return name
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
