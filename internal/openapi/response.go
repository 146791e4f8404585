package openapi

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// errorSchema is the body of every refusal.
var errorSchema = object("type", "object", "properties", object(
	"message", object("type", "string", "description", "What is wrong, in a sentence."),
	"code", object("type", "string", "description", "The same for programs, such as USER_NOT_FOUND."),
), "required", []string{"message"})

// failure is one way in which any call may fail.
type failure struct{ status, name, text string }

// commonFailures are those of every call, by the status.
var commonFailures = []failure{
	{"400", "BadRequest", "The input is missing, malformed, or not accepted."},
	{"401", "Unauthorized", "There is no session, or what proves the caller is wrong."},
	{"403", "Forbidden", "The call is not allowed: the session is too old for it, or the request comes from an origin or leads to an address that is not trusted."},
	{"404", "NotFound", "There is no such thing here."},
	{"429", "TooManyRequests", "There were too many requests from this address. X-Retry-After says in how many seconds to try again."},
	{"500", "InternalServerError", "The server has failed. Its log knows why."},
	{"503", "ServiceUnavailable", "The server or its database has too much to do. Retry-After says in how many seconds to try again."},
}

// bodyFailures are those of calls with a body.
var bodyFailures = []failure{
	{"413", "PayloadTooLarge", "The body is too large."},
	{"415", "UnsupportedMediaType", "The body is not of a type that is read here."},
}

// failures are the responses that operations refer to.
func failures() api.Object {
	var out api.Object
	for _, f := range append(append([]failure{}, commonFailures...), bodyFailures...) {
		out = append(out, api.Member{Key: f.name, Value: object(
			"description", f.text,
			"content", object(jsonType, object("schema", object("$ref", "#/components/schemas/Error"))))})
	}
	return out
}

// responses lists the answer and the ways to fail.
func (d *document) responses(r *api.Route) api.Object {
	status, answer := d.success(r)
	out := object(status, answer)
	if r.Redirects {
		out = out.Set("302", redirect())
	}
	for _, f := range commonFailures {
		out = out.Set(f.status, object("$ref", "#/components/responses/"+f.name))
	}
	if r.Method != "GET" && !r.SkipBody {
		for _, f := range bodyFailures {
			out = out.Set(f.status, object("$ref", "#/components/responses/"+f.name))
		}
	}
	for _, e := range r.Errors {
		out = out.Set(strconv.Itoa(e.Status), refusals(r, e.Status))
	}
	slices.SortStableFunc(out, func(a, b api.Member) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// refusals describes the refusals of a route's own with one status, which may
// be one of the common ones too.
func refusals(r *api.Route, status int) api.Object {
	var texts, codes []string
	for _, f := range commonFailures {
		if f.status == strconv.Itoa(status) {
			texts = append(texts, f.text)
		}
	}
	for _, e := range r.Errors {
		if e.Status == status {
			texts, codes = append(texts, strings.TrimSuffix(e.Message, ".")+"."), append(codes, e.Code)
		}
	}
	return object(
		"description", strings.Join(texts, " ")+" Among the codes: "+strings.Join(codes, ", ")+".",
		"content", object(jsonType, object("schema", object("$ref", "#/components/schemas/Error"))))
}

// redirect describes an answer that sends the browser on.
func redirect() api.Object {
	return object("description", "Sends the browser on.", "headers", object("Location", object(
		"description", "Where to.", "schema", object("type", "string"))))
}

// success describes the answer of a call that works.
func (d *document) success(r *api.Route) (status string, answer api.Object) {
	switch r.Output {
	case reflect.TypeFor[api.Redirect](), reflect.TypeFor[api.Page]():
		return "302", redirect()
	case reflect.TypeFor[api.Empty]():
		return "200", object("description", "Success")
	case reflect.TypeFor[api.File](): // files that are no pages are of calls that stay out of the document
		return "200", object("description", "A page.", "content", object("text/html", object("schema", object("type", "string"))))
	}
	return "200", object("description", "Success", "content", object(jsonType, object("schema", d.output(r.Output))))
}
