package openapi

import (
	"reflect"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// add puts a route in the document, unless the configuration turns it off.
func (d *document) add(tag string, r *api.Route) {
	if slices.Contains(d.Disabled, r.Path) {
		return
	}
	methods, _ := d.paths.Get(r.Path)
	item, _ := methods.(api.Object)
	d.paths = d.paths.Set(r.Path, item.Set(strings.ToLower(r.Method), d.operation(tag, r)))
}

// operation describes a route.
func (d *document) operation(tag string, r *api.Route) api.Object {
	op := object(
		"tags", []string{tag},
		"description", r.Doc,
		"operationId", d.operationID(r),
		"security", d.security(r.Access),
		"parameters", d.parameters(r))
	if r.Method != "GET" {
		op = append(op, api.Member{Key: "requestBody", Value: d.requestBody(r)})
	}
	return append(op, api.Member{Key: "responses", Value: d.responses(r)})
}

// originalIDs are the operation ids that Better Auth's generator gives and that
// do not follow from the path.
var originalIDs = map[string]string{
	"/sign-up/email":          "signUpWithEmailAndPassword",
	"/sign-in/social":         "socialSignIn",
	"/list-sessions":          "listUserSessions",
	"/list-accounts":          "listUserAccounts",
	"/link-social":            "linkSocialAccount",
	"/reset-password/{token}": "resetPasswordCallback",
	"/jwks":                   "getJSONWebKeySet",
	"/token":                  "getJSONWebToken",
}

// operationID gives a name that no other operation has: the original's, else
// the words of the path run together; where that is taken, with the method.
func (d *document) operationID(r *api.Route) string {
	id := originalIDs[r.Path]
	if id == "" {
		id = runTogether(r.Path)
	}
	if d.ids[id] {
		id += r.Method[:1] + strings.ToLower(r.Method[1:])
	}
	d.ids[id] = true
	return id
}

// runTogether makes revokeSession of /revoke-session.
func runTogether(path string) string {
	words := strings.FieldsFunc(path, func(c rune) bool { return strings.ContainsRune("/-{}._~", c) })
	for i, w := range words {
		if i > 0 {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// parameters are those of the path and, where the input is the query, of the
// query.
func (d *document) parameters(r *api.Route) []api.Object {
	list := []api.Object{}
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			list = append(list, object("name", strings.TrimSuffix(name, "}"), "in", "path", "required", true, "schema", object("type", "string")))
		}
	}
	in := r.AlsoQuery
	if r.Query {
		in = deref(r.Input)
	}
	if in == nil {
		return list
	}
	for f := range reflectFields(in) {
		s, optional := d.inputField(f)
		list = append(list, parameter(f, s, optional))
	}
	for form := range formsOf(in) { // of which a call needs one
		for f := range reflectFields(form) {
			named := func(p api.Object) bool { name, _ := p.Get("name"); return name == memberName(f) }
			if s, _ := d.inputField(f); !slices.ContainsFunc(list, named) {
				list = append(list, parameter(f, s, true))
			}
		}
	}
	return list
}

func parameter(f reflect.StructField, s api.Object, optional bool) api.Object {
	p := object("name", memberName(f), "in", "query")
	if text := f.Tag.Get("doc"); text != "" {
		p = p.Set("description", text)
	}
	if !optional {
		p = p.Set("required", true)
	}
	return p.Set("schema", s)
}

// requestBody describes the body of a call that takes one; where the input
// comes from elsewhere it is an empty object, as in the original's documents.
func (d *document) requestBody(r *api.Route) api.Object {
	if r.Query || r.SkipBody || r.Input == reflect.TypeFor[api.None]() {
		return object("required", false, "content", object(jsonType, object("schema", object("type", "object", "properties", api.Object{}))))
	}
	content := api.Object{}
	for _, media := range preferJSON(r.MediaTypes) {
		content = content.Set(media, object("schema", d.input(deref(r.Input))))
	}
	return object("required", r.Input.Kind() != reflect.Pointer, "content", content)
}

const jsonType = "application/json"

// preferJSON lists the media types with JSON first, which is what readers show.
func preferJSON(types []string) []string {
	types = slices.Clone(types)
	slices.SortStableFunc(types, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == jsonType:
			return -1
		default:
			return 1
		}
	})
	return types
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
