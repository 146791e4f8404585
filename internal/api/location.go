package api

// Redirect is the output of a handler that answers 302 with an empty body.
type Redirect string

// Page is the output of a handler that sends a browser to a page outside the
// API: 302 without a content type, and without the hooks of plugins.
type Page string

// SetLocation writes the Location header, and is the only code that does. The
// target must come from the operator's configuration or from package origin,
// which rebuilds what a client asked for out of its parsed parts.
func (c *Call) SetLocation(target string) { c.header.Set("Location", target) }

// Location is where the answer so far sends the browser; empty for nowhere.
func (c *Call) Location() string { return c.header.Get("Location") }

// dropLocation takes the header away, for an answer that is none after all.
func (c *Call) dropLocation() { c.header.Del("Location") }
