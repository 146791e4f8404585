package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
)

const (
	basePath = "/api/auth"             // where both servers have their endpoints
	origin   = "http://127.0.0.1:3000" // the site that they serve
)

// draft is a request before it is known to whom it goes, and how its answer is recognised.
type draft struct {
	method, path string
	cookie, body string
	from         string // the address that a proxy would have seen; may be empty
	status       int    // of a right answer; 0 for 200
	marker       string // part of its body
}

// request is a draft as it goes over the wire.
type request struct {
	raw    []byte
	status int
	marker []byte
}

// to writes the request for a server at host:port.
func (d draft) to(address string) request {
	var raw bytes.Buffer
	fmt.Fprintf(&raw, "%s %s%s HTTP/1.1\r\nHost: %s\r\n", d.method, basePath, d.path, address)
	for _, header := range []struct{ name, value string }{{"Cookie", d.cookie}, {"X-Forwarded-For", d.from}} {
		if header.value != "" {
			fmt.Fprintf(&raw, "%s: %s\r\n", header.name, header.value)
		}
	}
	if d.method == http.MethodPost {
		fmt.Fprintf(&raw, "Origin: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", origin, len(d.body))
	}
	raw.WriteString("\r\n" + d.body)
	return request{raw: raw.Bytes(), status: cmp.Or(d.status, http.StatusOK), marker: []byte(d.marker)}
}

// line is the first line, for messages.
func (r request) line() []byte {
	line, _, _ := bytes.Cut(r.raw, []byte("\r\n"))
	return line
}

func allTo(address string, drafts []draft) []request {
	return each(drafts, func(d draft) request { return d.to(address) })
}
