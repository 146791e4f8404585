package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// endpoints answers everything under the base path, in the original's order:
// disabled paths, rate limit, routing, and then the dispatcher's steps.
type endpoints struct {
	base          string // the base path without a trailing slash, empty for the root
	disabled      []string
	skipSlash     bool
	limit         func(r *http.Request, path, route string) ratelimit.Decision
	mux           *chi.Mux
	contexts      sync.Pool // of *chi.Context, which end with their request
	limitObserved func(allowed bool)
}

// newMux registers every route with what serves it. Unknown paths and methods
// are both answered 404 with nothing in it.
func newMux(routes []api.Route, serve func(*api.Route) http.HandlerFunc) *chi.Mux {
	mux := chi.NewRouter()
	mux.NotFound(notFound)
	mux.MethodNotAllowed(notFound)
	for i := range routes {
		mux.Method(routes[i].Method, routes[i].Path, serve(&routes[i]))
	}
	return mux
}

func notFound(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }

// ServeHTTP takes a request through the steps before the dispatcher.
func (e *endpoints) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, query := split(r.RequestURI)
	r.URL.RawQuery = query
	name := e.normalized(path)
	if slices.Contains(e.disabled, name) {
		answerDisabled(w)
		return
	}
	if e.limit != nil {
		route := e.route(name)
		d := e.limit(r, name, route)
		e.limitObserved(d.Allowed)
		if !d.Allowed {
			exchangeOf(r).route = route
			answerLimited(w, d.RetryAfter)
			return
		}
	}
	route, ok := e.routePath(path)
	if !ok {
		notFound(w, r)
		return
	}
	e.serve(w, r, route)
}

// serve lets the router find what serves a path.
func (e *endpoints) serve(w http.ResponseWriter, r *http.Request, path string) {
	ctx, _ := e.contexts.Get().(*chi.Context)
	if ctx == nil {
		ctx = chi.NewRouteContext()
	}
	defer e.contexts.Put(ctx)
	ctx.Reset()
	ctx.RoutePath = path
	e.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, ctx)))
}

// route is the template of the routes with that name, whatever the method; empty
// where there are none.
func (e *endpoints) route(name string) string {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if found := e.mux.Find(chi.NewRouteContext(), method, name); found != "" {
			return found
		}
	}
	return ""
}

// split reads path and query of a request target as the URL standard does
// before anybody routes: the fragment goes, a backslash is a slash, and dot
// segments are resolved.
func split(target string) (path, query string) {
	target, _, _ = strings.Cut(target, "#")
	path, query, _ = strings.Cut(target, "?")
	if !strings.HasPrefix(path, "/") {
		// The absolute form, which proxies may use (RFC 9112, section 3.2.2).
		_, path, _ = strings.Cut(path, "://")
		_, path, _ = strings.Cut(path, "/")
		path = "/" + path
	}
	return resolveDots(strings.ReplaceAll(path, `\`, "/")), query
}

// normalized is the name under which rules know a path: without base path and
// trailing slashes, and with the escapes that the URL standard gives it.
func (e *endpoints) normalized(path string) string {
	trimmed := strings.TrimRight(escaped(path), "/")
	if rest, ok := strings.CutPrefix(trimmed, e.base+"/"); ok {
		return "/" + rest
	}
	if trimmed == e.base || trimmed == "" {
		return "/"
	}
	return trimmed
}

// escaped writes the characters of a path that the URL standard does not leave
// as they are (WHATWG URL, section 1.3, the path percent-encode set), so that a
// path has one name. Each byte of a request target is one character, as Node
// reads it.
func escaped(path string) string {
	if strings.IndexFunc(path, escapes) < 0 {
		return path
	}
	var out strings.Builder
	for i := range len(path) {
		if char := rune(path[i]); escapes(char) {
			for _, b := range []byte(string(char)) {
				fmt.Fprintf(&out, "%%%02X", b)
			}
			continue
		}
		out.WriteByte(path[i])
	}
	return out.String()
}

func escapes(char rune) bool {
	return char <= ' ' || char >= 0x7f || strings.ContainsRune("\"<>`{}", char)
}

// routePath is what the router matches. A path outside the base path, with an
// empty segment, or with a trailing slash that nobody allowed leads nowhere.
func (e *endpoints) routePath(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, e.base+"/")
	if !ok || strings.Contains("/"+rest, "//") {
		return "", false
	}
	if trimmed, slash := strings.CutSuffix(rest, "/"); slash {
		return "/" + trimmed, e.skipSlash && trimmed != ""
	}
	return "/" + rest, true
}

// resolveDots removes dot segments, plain or percent-encoded, as the URL
// standard does before anybody routes (WHATWG URL, section 4.4).
func resolveDots(path string) string {
	if !strings.Contains(path, "/.") && !strings.Contains(path, "/%2") {
		return path
	}
	var out []string
	segments := strings.Split(path, "/")[1:]
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case "..":
			out = out[:max(0, len(out)-1)]
		case ".":
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

func answerDisabled(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain;charset=UTF-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("Not Found"))
}
