// Package api carries one HTTP call of the authentication API through its
// fixed order of steps: body, origin check, before-hooks, validation, session,
// handler, after-hooks, answer.
//
// A feature contributes Routes whose handlers take decoded input and return
// output or an error; it never sees an http.ResponseWriter. The package knows
// nothing of users or sessions beyond the records it carries, and nothing of
// listeners: package server owns those.
package api

import (
	"context"
	"reflect"
)

// Access says what a call must prove before its handler runs. Every route
// names one; there is no default.
type Access int

// The levels of access, from none to most recent proof.
const (
	// Public needs nothing.
	Public Access = iota + 1
	// SignedIn needs a live session.
	SignedIn
	// Sensitive needs a live session read from the database, whatever caches exist.
	Sensitive
	// Fresh needs a live session created less than session.freshAge ago.
	Fresh
)

// None is the input of a handler that reads neither body nor query.
type None struct{}

// Route is one method and path with everything the dispatcher has to know
// before it calls the handler. Routes are made by GET and POST.
type Route struct {
	// Method is the HTTP method in upper case.
	Method string
	// Path begins with a slash and is relative to the base path.
	Path string
	// Access is what the caller must prove.
	Access Access
	// Doc is one sentence for the documentation of the endpoint.
	Doc string
	// MediaTypes are the request media types accepted, in the order in which
	// a refusal lists them.
	MediaTypes []string
	// SkipBody leaves the request body unread, whatever its type.
	SkipBody bool
	// FormCSRF asks for the sign-in form check after validation.
	FormCSRF bool
	// Cacheable leaves out the no-store header.
	Cacheable bool
	// Wordless refuses a call without a session with an empty body.
	Wordless bool
	// Input and Output are the types of the handler's input and output, for
	// the documentation of the endpoint; Query says that the input is read
	// from the query string.
	Input, Output reflect.Type
	Query         bool
	// AlsoQuery has the parameters that are read besides a body; nil for none.
	AlsoQuery reflect.Type
	// Errors are refusals of its own that the documentation names.
	Errors []*Error
	// Redirects says that the answer may send the browser on instead.
	Redirects bool

	run func(context.Context, *Call) error
}

// Option changes a Route while it is made.
type Option func(*Route)

// Doc documents the endpoint in one sentence.
func Doc(sentence string) Option { return func(r *Route) { r.Doc = sentence } }

// Takes documents the input where the type of the handler's input does not tell
// its members: T has them.
func Takes[T any]() Option { return func(r *Route) { r.Input = reflect.TypeFor[T]() } }

// Answers documents the answer where the type of the handler's output does not
// tell its members: T has them.
func Answers[T any]() Option { return func(r *Route) { r.Output = reflect.TypeFor[T]() } }

// ReadsQuery documents parameters that are read besides the body: those of T.
func ReadsQuery[T any]() Option { return func(r *Route) { r.AlsoQuery = reflect.TypeFor[T]() } }

// Fails documents refusals of the endpoint's own.
func Fails(errs ...*Error) Option { return func(r *Route) { r.Errors = append(r.Errors, errs...) } }

// MayRedirect documents that the answer may send the browser on instead.
func MayRedirect() Option { return func(r *Route) { r.Redirects = true } }

// AcceptForm lets the route take URL-encoded forms besides JSON.
func AcceptForm() Option {
	return func(r *Route) { r.MediaTypes = []string{mediaForm, mediaJSON} }
}

// CheckForm asks for the sign-in form check (Fetch Metadata, Origin) after
// validation.
func CheckForm() Option { return func(r *Route) { r.FormCSRF = true } }

// SkipBody leaves the request body unread.
func SkipBody() Option { return func(r *Route) { r.SkipBody = true } }

// Cacheable lets intermediaries keep the answer: it names nobody and carries
// no credential.
func Cacheable() Option { return func(r *Route) { r.Cacheable = true } }

// Wordless refuses a call without a session with an empty body, as some endpoints
// of the original do.
func Wordless() Option { return func(r *Route) { r.Wordless = true } }

// Validator is an input with rules beyond those of its fields. Its error answers a
// call before anything is asked about its session.
type Validator interface{ Validate() error }

// Handler is the shape of every endpoint: decoded input in, output or error
// out.
type Handler[In, Out any] func(ctx context.Context, c *Call, in In) (Out, error)

// POST makes a route whose input is the request body.
func POST[In, Out any](path string, access Access, h Handler[In, Out], opts ...Option) Route {
	return newRoute("POST", path, access, inBody, h, opts)
}

// GET makes a route whose input is the query string.
func GET[In, Out any](path string, access Access, h Handler[In, Out], opts ...Option) Route {
	return newRoute("GET", path, access, inQuery, h, opts)
}

// POSTQuery makes a route for the few endpoints that take POST and yet read
// their input from the query string.
func POSTQuery[In, Out any](path string, access Access, h Handler[In, Out], opts ...Option) Route {
	return newRoute("POST", path, access, inQuery, h, append(opts, SkipBody()))
}

func newRoute[In, Out any](method, path string, access Access, src source, h Handler[In, Out], opts []Option) Route {
	shape := shapeOf[In](src)
	r := Route{
		Method: method, Path: path, Access: access, MediaTypes: []string{mediaJSON},
		Input: reflect.TypeFor[In](), Output: reflect.TypeFor[Out](), Query: src == inQuery,
	}
	for _, o := range opts {
		o(&r)
	}
	r.run = func(ctx context.Context, c *Call) error {
		var in In
		if err := shape.decode(c, &in); err != nil {
			return err
		}
		if v, ok := any(in).(Validator); ok {
			if err := v.Validate(); err != nil {
				return err
			}
		}
		if err := c.authorize(ctx); err != nil {
			return err
		}
		out, err := h(ctx, c, in)
		if err != nil {
			return err
		}
		c.Respond(out)
		return nil
	}
	return r
}
