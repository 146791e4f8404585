package main

import (
	"bytes"
	"fmt"
)

// basePath is where both servers have their endpoints.
const basePath = "/api/auth"

// workload is one kind of request.
type workload struct {
	name   string
	method string
	path   string
	marker string              // part of a right answer
	body   func(person) string // nil: no body
	signed bool                // sends the session cookie
	slow   bool                // hashes a password: needs longer rounds
	cached bool                // against servers with a session cookie cache
}

var workloads = []workload{
	{name: "GET /get-session", method: "GET", path: "/get-session", marker: `"session":`, signed: true},
	{name: "GET /token", method: "GET", path: "/token", marker: `"token":`, signed: true},
	{name: "GET /jwks", method: "GET", path: "/jwks", marker: `"keys":`},
	{name: "POST /sign-in/email", method: "POST", path: "/sign-in/email", marker: `"user":`, body: signIn, slow: true},
	{name: "GET /get-session, cookie cache", method: "GET", path: "/get-session", marker: `"session":`, signed: true, cached: true},
}

func signIn(p person) string {
	return fmt.Sprintf(`{"email":%q,"password":%q}`, p.email, password)
}

// requests are the workload's requests, one for each person.
func (w workload) requests(address string, people []person) []request {
	var all []request
	for _, p := range people {
		var raw bytes.Buffer
		fmt.Fprintf(&raw, "%s %s%s HTTP/1.1\r\nHost: %s\r\n", w.method, basePath, w.path, address)
		if w.signed {
			fmt.Fprintf(&raw, "Cookie: %s\r\n", p.cookie)
		}
		if w.body != nil {
			body := w.body(p)
			fmt.Fprintf(&raw, "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		} else {
			raw.WriteString("\r\n")
		}
		all = append(all, request{raw: raw.Bytes(), marker: []byte(w.marker)})
	}
	return all
}
