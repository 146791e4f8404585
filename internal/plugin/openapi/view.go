package openapi

import (
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// group is a tag and its operations as the page shows them.
type group struct {
	Name, Doc  string
	Operations []operation
}

// operation is one call.
type operation struct {
	Method, Path, ID, Doc, Who string
	Parameters, Body           []line
	BodyTypes, Curl            string
	Answers                    []answer
}

// answer is one way in which a call may end.
type answer struct {
	Status, Doc string
	Lines       []line
}

// model is a schema that others refer to.
type model struct {
	Name  string
	Lines []line
}

// view reads a document.
type view struct{ doc api.Object }

func (v view) page() pageData {
	info := get(v.doc, "info")
	p := pageData{Title: text(info, "title"), Description: text(info, "description"), Version: text(info, "version")}
	for _, s := range list(v.doc, "servers") {
		p.Server = text(s, "url")
	}
	for _, tag := range list(v.doc, "tags") {
		name := text(tag, "name")
		p.Groups = append(p.Groups, group{name, text(tag, "description"), v.operations(name, p.Server)})
	}
	for _, m := range get(v.doc, "components", "schemas") {
		p.Models = append(p.Models, model{m.Key, members(m.Value.(api.Object), 0)})
	}
	return p
}

// operations lists those of one tag.
func (v view) operations(tag, server string) []operation {
	var out []operation
	for _, path := range get(v.doc, "paths") {
		for _, m := range path.Value.(api.Object) {
			op := m.Value.(api.Object)
			if tags, _ := op.Get("tags"); slices.Contains(tags.([]string), tag) {
				out = append(out, v.operation(strings.ToUpper(m.Key), path.Key, server, op))
			}
		}
	}
	return out
}

func (v view) operation(method, path, server string, op api.Object) operation {
	o := operation{Method: method, Path: path, ID: text(op, "operationId"), Doc: text(op, "description"), Who: "for those who are signed in"}
	if ways := list(op, "security"); len(ways) > 0 && len(ways[0]) == 0 {
		o.Who = "for everybody"
	}
	for _, p := range list(op, "parameters") {
		required, _ := p.Get("required")
		o.Parameters = append(o.Parameters, line{
			Name: text(p, "name"), Type: typeText(get(p, "schema")), Required: required == true,
			Doc: strings.TrimSpace(text(p, "description") + " In the " + text(p, "in") + "."),
		})
	}
	var types []string
	for _, media := range get(op, "requestBody", "content") {
		types = append(types, media.Key)
		o.Body = members(get(media.Value.(api.Object), "schema"), 0)
	}
	o.BodyTypes = strings.Join(types, " or ")
	for _, r := range get(op, "responses") {
		o.Answers = append(o.Answers, v.answer(r.Key, r.Value.(api.Object)))
	}
	o.Curl = curl(method, server+path, o.Body)
	return o
}

func (v view) answer(status string, response api.Object) answer {
	if ref := refOf(response); ref != "" {
		response = get(v.doc, "components", "responses", ref)
	}
	a := answer{Status: status, Doc: text(response, "description")}
	if strings.HasPrefix(status, "2") {
		s := get(response, "content", "application/json", "schema")
		if a.Lines = members(s, 0); a.Lines == nil && len(s) > 0 {
			a.Lines = []line{newLine("", s, 0)}
		}
	}
	return a
}

// curl writes the call as a command line, with the members that it needs.
func curl(method, url string, body []line) string {
	if strings.ContainsAny(url, "{}") {
		url = "'" + url + "'"
	}
	if method == "GET" {
		return "curl " + url
	}
	var needed []string
	for _, l := range body {
		if l.Name == orLine {
			break
		}
		if l.Required && l.Depth == 0 {
			value := `"..."`
			if !strings.HasPrefix(l.Type, "string") {
				value = "true"
			}
			needed = append(needed, `"`+l.Name+`":`+value)
		}
	}
	return "curl -X " + method + " " + url + " \\\n  -H 'Content-Type: application/json' -d '{" + strings.Join(needed, ",") + "}'"
}
