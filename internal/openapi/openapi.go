// Package openapi writes the OpenAPI 3.1 document of a server from its own
// routes and field set, in the form that Better Auth's generator gives it: the
// same names of schemas, operations, tags and security schemes.
//
// What a route takes and answers is read from its Go types. The tag json names
// a member, doc describes it, check is the rule that a validation holds to, and
// model says that a member is a row of that model as clients see it.
package openapi

import (
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Version is the version of the specification that documents follow.
const Version = "3.1.1"

// Options say what a document is about.
type Options struct {
	// BaseURL is the public address of the API.
	BaseURL string
	// APIVersion is the version of the API.
	APIVersion string
	// Cookie is the name of the cookie that carries the session.
	Cookie string
	// Bearer says that a session token in the Authorization header counts.
	Bearer bool
	// Set is the field set.
	Set *schema.Set
	// Groups are the routes, by who answers them.
	Groups []Group
	// Disabled are the paths that the configuration turns off.
	Disabled []string
}

// Group is the routes of one feature under one tag.
type Group struct {
	// Tag is the name of the group, and Doc a sentence on it.
	Tag, Doc string
	Routes   []api.Route
}

// object makes an api.Object from alternating keys and values.
func object(pairs ...any) api.Object {
	out := make(api.Object, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, api.Member{Key: pairs[i].(string), Value: pairs[i+1]})
	}
	return out
}

// Document gives the document.
func Document(o Options) api.Object {
	d := &document{Options: o, ids: map[string]bool{}}
	tags := []api.Object{}
	for _, g := range o.Groups {
		tags = append(tags, object("name", g.Tag, "description", g.Doc))
		for i := range g.Routes {
			d.add(g.Tag, &g.Routes[i])
		}
	}
	return object(
		"openapi", Version,
		"info", object(
			"title", "sallyport",
			"description", "The authentication API of this server, as Better Auth "+o.APIVersion+" has it.",
			"version", o.APIVersion),
		"components", object("schemas", d.models(), "responses", failures(), "securitySchemes", d.schemes()),
		"security", d.security(api.SignedIn),
		"servers", []api.Object{object("url", o.BaseURL)},
		"tags", tags,
		"paths", d.paths,
	)
}

// document is one that is being written.
type document struct {
	Options
	paths api.Object
	ids   map[string]bool // operation ids given so far
}

// models are the rows of every table, by the name of its model.
func (d *document) models() api.Object {
	var out api.Object
	for _, t := range d.Set.Tables() {
		out = append(out, api.Member{Key: modelName(t.Model), Value: row(t)})
	}
	return append(out, api.Member{Key: "Error", Value: errorSchema})
}

// modelName is the name of a model among the schemas: its own, with a capital.
func modelName(model string) string { return strings.ToUpper(model[:1]) + model[1:] }

const (
	cookieScheme = "apiKeyCookie"
	bearerScheme = "bearerAuth"
)

func (d *document) schemes() api.Object {
	out := object(cookieScheme, object("type", "apiKey", "in", "cookie", "name", d.Cookie,
		"description", "The signed session cookie that signing in sets."))
	if d.Bearer {
		out = append(out, api.Member{Key: bearerScheme, Value: object("type", "http", "scheme", "bearer",
			"description", "The session token of a sign-in's answer, or the value of its header set-auth-token.")})
	}
	return out
}

// security lists the ways to meet an access level. A public call may name a
// session too.
func (d *document) security(a api.Access) []api.Object {
	ways := []api.Object{object(cookieScheme, []string{})}
	if d.Bearer {
		ways = append(ways, object(bearerScheme, []string{}))
	}
	if a == api.Public {
		return append([]api.Object{{}}, ways...)
	}
	return ways
}
