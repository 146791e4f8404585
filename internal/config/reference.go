package config

import (
	_ "embed" // for the words around the tables
	"fmt"
	"reflect"
	"strings"
)

// referenceHead is what stands above the tables of the reference page.
//
//go:embed reference.md
var referenceHead string

// Reference writes the page that lists every option and every environment variable of a tree.
func Reference(tree reflect.Type) string {
	var page strings.Builder
	page.WriteString(referenceHead)
	options := Options(tree)
	writeSection(&page, "Top level", options, "")
	for _, section := range sectionsOf(options) {
		writeSection(&page, "`"+section+"`", options, section)
	}
	writeVariables(&page, options)
	return page.String()
}

// sectionsOf lists the first parts of dotted names in their order.
func sectionsOf(options []Option) []string {
	var sections []string
	seen := map[string]bool{}
	for _, option := range options {
		section := sectionOf(option.Name)
		if section != "" && !seen[section] {
			seen[section] = true
			sections = append(sections, section)
		}
	}
	return sections
}

// sectionOf is what an option is listed under: the first part of its name, and of a plugin's the first
// two, as each plugin is a chapter of its own.
func sectionOf(name string) string {
	first, rest, found := strings.Cut(name, ".")
	if !found || strings.HasSuffix(first, "[]") {
		return ""
	}
	if second, _, deeper := strings.Cut(rest, "."); first == "plugins" && deeper {
		return first + "." + second
	}
	return first
}

func writeSection(page *strings.Builder, title string, options []Option, section string) {
	fmt.Fprintf(page, "\n### %s\n\n| Option | Default | Meaning |\n|---|---|---|\n", title)
	for _, option := range options {
		if option.Name == "" || sectionOf(option.Name) != section {
			continue
		}
		fmt.Fprintf(page, "| `%s` | %s | %s |\n", option.Name, defaultCell(option), meaningCell(option))
	}
}

func defaultCell(option Option) string {
	text, ok := option.Tag.Lookup("default")
	switch {
	case option.State != Supported:
		return ""
	case ok:
		return "`" + text + "`"
	case option.Type.Kind() == reflect.Bool:
		return "`false`"
	}
	return ""
}

func meaningCell(option Option) string {
	doc := option.Doc()
	if option.State == NotYet {
		doc = "*Not supported yet.* " + doc
	}
	if option.State == Supported && option.Tag.Get("enum") != "" {
		doc += " One of `" + strings.ReplaceAll(option.Tag.Get("enum"), ",", "`, `") + "`."
	}
	return strings.ReplaceAll(doc, "|", `\|`)
}

func writeVariables(page *strings.Builder, options []Option) {
	page.WriteString("\n## Environment variables\n\n| Variable | Option | Meaning |\n|---|---|---|\n")
	for _, option := range options {
		for i, v := range option.Variables {
			name := v.Name
			if v.Prefix {
				name += "*"
			}
			cell := ""
			if option.Name != "" {
				cell = "`" + option.Name + "`"
			}
			fmt.Fprintf(page, "| `%s` | %s | %s |\n", name, cell, variableMeaning(option, v, i))
		}
	}
}

func variableMeaning(option Option, v Variable, place int) string {
	if place == 0 {
		return meaningCell(option)
	}
	meaning := "Read where the variables above it for the same option are not set."
	if v.Except != "" {
		meaning += " A value of `" + v.Except + "` does not count."
	}
	return meaning
}
