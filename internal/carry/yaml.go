package carry

import (
	"encoding/json"
	"strings"
)

// writer writes YAML in its plain block form, and remembers which option each line is of.
type writer struct {
	text  []string
	lines [][]int // by line: the way to the node, as places in members
}

// write gives the text of a document, and the way to the node of each of its lines.
func write(document *node) (text string, lines [][]int) {
	w := &writer{}
	w.members(document, "", nil)
	if len(w.text) == 0 {
		return "", nil
	}
	return strings.Join(w.text, "\n") + "\n", w.lines
}

func (w *writer) members(n *node, indent string, way []int) {
	for i, member := range n.members {
		at := append(way[:len(way):len(way)], i)
		if member.note != "" {
			w.line(indent+"# "+member.note, at)
		}
		begin := indent + "-"
		if n.kind == object {
			begin = indent + keyText(n.keys[i]) + ":"
		}
		w.member(begin, member, indent+"  ", at)
	}
}

func (w *writer) member(begin string, member *node, indent string, at []int) {
	switch {
	case member.kind == text:
		w.line(begin+" "+scalarText(member.text), at)
	case member.kind == literal:
		w.line(begin+" "+member.text, at)
	case member.kind == null:
		w.line(begin+" null", at)
	case len(member.members) == 0:
		w.line(begin+" "+map[kind]string{object: "{}", list: "[]"}[member.kind], at)
	case flowing(member):
		items := make([]string, len(member.members))
		for i, m := range member.members {
			items[i] = scalarText(m.text)
			if m.kind == literal {
				items[i] = m.text
			}
		}
		w.line(begin+" ["+strings.Join(items, ", ")+"]", at)
	case strings.HasSuffix(begin, "-"):
		// An item begins in the line of its hyphen.
		first := len(w.text)
		w.members(member, indent, at)
		w.text[first] = begin + " " + w.text[first][len(indent):]
	default:
		w.line(begin, at)
		w.members(member, indent, at)
	}
}

// maxFlow is how many letters a list may have to stand in one line.
const maxFlow = 60

// flowing tells whether a list is short enough for one line.
func flowing(n *node) bool {
	length := 0
	for _, m := range n.members {
		if n.kind != list || (m.kind != text && m.kind != literal) || strings.ContainsAny(m.text, ",[]{}") {
			return false
		}
		length += len(m.text) + 2
	}
	return length <= maxFlow
}

func (w *writer) line(text string, at []int) {
	w.text = append(w.text, text)
	w.lines = append(w.lines, at)
}

var (
	plainKey  = compiled(`^[A-Za-z_/][A-Za-z0-9_./-]*$`)
	plainText = compiled(`^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z/][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*|https?://[A-Za-z0-9._/:-]*[A-Za-z0-9/])$`)
	reserved  = compiled(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)
)

func keyText(key string) string {
	if plainKey().MatchString(key) && !reserved().MatchString(key) {
		return key
	}
	return quoted(key)
}

func scalarText(value string) string {
	if plainText().MatchString(value) && !reserved().MatchString(value) {
		return value
	}
	return quoted(value)
}

// quoted writes a text as JSON does, which YAML reads the same.
func quoted(value string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a text always can be
	return strings.TrimSuffix(out.String(), "\n")
}
