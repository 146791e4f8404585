package api

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Call is one request and its answer so far.
type Call struct {
	// Request is the request as it came.
	Request *http.Request
	// Route is what it matched.
	Route *Route
	// Address is the client's address in the form sessions store; empty when
	// unknown.
	Address string
	// RequestID names the request in the log of the server and the audit log.
	RequestID string
	// Log carries it.
	Log *slog.Logger

	// Session and User are set once the session has been read.
	Session *store.Session
	User    *store.User
	// NewSession is the session that this call has made or renewed, for
	// after-hooks.
	NewSession *store.Session

	// Status, Output and Err are the answer so far. With Err set, Output is
	// not sent.
	Status int
	Output any
	Err    error

	header      http.Header
	setCookies  []Cookie
	body        any
	bodyText    []byte
	cookies     []requestCookie
	cookiesRead bool
	dispatcher  *Dispatcher
}

type contextKey struct{}

// FromContext gives the call that ctx belongs to, or nil.
func FromContext(ctx context.Context) *Call {
	c, _ := ctx.Value(contextKey{}).(*Call)
	return c
}

// UserID is the id of the user that the call belongs to, or has signed in; empty
// when it has come to know none.
func (c *Call) UserID() string {
	switch {
	case c.NewSession != nil:
		return c.NewSession.UserID
	case c.User != nil:
		return c.User.ID
	default:
		return ""
	}
}

// Empty is the output of a handler that answers with no body.
type Empty struct{}

// File is the output of a handler that answers with something else than JSON.
type File struct {
	MediaType string
	Body      []byte
}

// Respond sets the answer to a success with out as its body.
func (c *Call) Respond(out any) {
	c.Status, c.Output, c.Err = http.StatusOK, out, nil
	switch to := out.(type) {
	case Redirect:
		c.Status = http.StatusFound
		c.SetLocation(string(to))
	case Page:
		c.Status = http.StatusFound
		c.SetLocation(string(to))
	}
}

// Instead gives what a handler returns in the place of an error to answer with
// something else than its own output. Whatever changed in a transaction that the
// error leaves is undone.
func Instead(out any) error { return &instead{out} }

// IsInstead tells whether a handler's error is an answer of Instead.
func IsInstead(err error) bool { return errors.As(err, new(*instead)) }

type instead struct{ out any }

func (*instead) Error() string { return "another answer is sent" }

// conclude makes the answer of how a handler has ended.
func (c *Call) conclude(err error) {
	var other *instead
	switch {
	case errors.As(err, &other):
		c.Respond(other.out)
	case err != nil:
		c.Err = err
	}
}

// SetHeader sets a header of the answer.
func (c *Call) SetHeader(name, value string) { c.header.Set(name, value) }

// Expose sets a header of the answer and lets scripts on other origins read it.
func (c *Call) Expose(name, value string) {
	c.header.Set(name, value)
	const list = "Access-Control-Expose-Headers"
	exposed := c.header.Get(list)
	for have := range strings.SplitSeq(exposed, ",") {
		if strings.EqualFold(strings.TrimSpace(have), name) {
			return
		}
	}
	if exposed != "" {
		exposed += ", "
	}
	c.header.Set(list, exposed+name)
}

// SetCookie adds a Set-Cookie line. Lines of the same name are all sent, in
// order.
func (c *Call) SetCookie(cookie Cookie) { c.setCookies = append(c.setCookies, cookie) }

// ExpireCookie removes a cookie from the browser, and from the answer every
// line that would have set it or a numbered part of it: a value that is taken
// back must not be readable on the wire.
func (c *Call) ExpireCookie(cookie Cookie) {
	kept := c.setCookies[:0]
	for _, set := range c.setCookies {
		if set.Name != cookie.Name && !strings.HasPrefix(set.Name, cookie.Name+".") {
			kept = append(kept, set)
		}
	}
	c.setCookies = append(kept, cookie.Expired())
}

// SetCookies are the Set-Cookie lines of the answer so far.
func (c *Call) SetCookies() []Cookie { return c.setCookies }

// Cookie gives a cookie of the request, decoded.
func (c *Call) Cookie(name string) (string, bool) {
	for _, cookie := range c.requestCookies() {
		if cookie.name == name {
			return cookie.value, true
		}
	}
	return "", false
}

// Cookies gives the request's cookies, decoded, in the order sent.
func (c *Call) Cookies() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, cookie := range c.requestCookies() {
			if !yield(cookie.name, cookie.value) {
				return
			}
		}
	}
}

// ReplaceCookie makes the rest of the call see value as if the client had sent
// it.
func (c *Call) ReplaceCookie(name, value string) {
	cookies := c.requestCookies()
	for i := range cookies {
		if cookies[i].name == name {
			cookies[i].value = value
			return
		}
	}
	c.cookies = append(cookies, requestCookie{name, value})
}

func (c *Call) requestCookies() []requestCookie {
	if !c.cookiesRead {
		c.cookies = parseCookies(strings.Join(c.Request.Header.Values("Cookie"), "; "))
		c.cookiesRead = true
	}
	return c.cookies
}

// BodyField gives a member of the request body before validation; it is nil
// where there is none.
func (c *Call) BodyField(name string) any {
	members, _ := c.body.(map[string]any)
	return members[name]
}

// HasBodyField tells whether the request body has a member of that name, be it
// null.
func (c *Call) HasBodyField(name string) bool {
	members, _ := c.body.(map[string]any)
	_, has := members[name]
	return has
}

// SetBodyField makes the rest of the call see v as if the client had sent it. A
// body that is no object stays as it is.
func (c *Call) SetBodyField(name string, v any) {
	if members, ok := c.body.(map[string]any); ok {
		members[name] = v
	}
}

// QueryField gives a parameter of the query: a string, a list where it is
// repeated, or nil.
func (c *Call) QueryField(name string) any { return c.queryObject()[name] }

// queryObject gathers repeated names in a list, as the original does.
func (c *Call) queryObject() map[string]any {
	query := map[string]any{}
	for _, p := range origin.ReadForm(c.Request.URL.RawQuery) {
		switch have := query[p.Name].(type) {
		case nil:
			query[p.Name] = p.Value
		case []any:
			query[p.Name] = append(have, p.Value)
		default:
			query[p.Name] = []any{have, p.Value}
		}
	}
	return query
}

// QueryText gives the first value of a parameter, as URLSearchParams.get does;
// it is empty where there is none.
func (c *Call) QueryText(name string) string {
	for _, p := range origin.ReadForm(c.Request.URL.RawQuery) {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Header gives a request header as Node hands it over: each byte is one
// character (ISO 8859-1), so that what is stored is valid UTF-8 whatever a
// client sends.
func (c *Call) Header(name string) string {
	return latin1(c.Request.Header.Get(name))
}

func latin1(v string) string {
	if strings.IndexFunc(v, func(r rune) bool { return r >= 0x80 }) < 0 {
		return v
	}
	runes := make([]rune, len(v))
	for i := range len(v) {
		runes[i] = rune(v[i])
	}
	return string(runes)
}

// authorize runs the checks between validation and handler.
func (c *Call) authorize(ctx context.Context) error {
	d := c.dispatcher
	if c.Route.FormCSRF && d.CheckForm != nil {
		if err := d.CheckForm(c); err != nil {
			return err
		}
	}
	if c.Route.Access == Public {
		return nil
	}
	err := d.Authenticate(ctx, c, c.Route.Access)
	if c.Route.Wordless && errors.Is(err, ErrUnauthorized) {
		return errWordless.WithCause(err)
	}
	return err
}
