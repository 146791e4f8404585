package main

import (
	"context"
	"fmt"
)

// workload is one kind of work.
type workload struct {
	name  string
	setup setup
	at    []int // numbers of connections, each sending one request at a time; nil for usual
	slow  bool  // hashes passwords: needs longer rounds
	// drafts gives what is sent in a round, in turn. Where each may be sent once, once is an upper bound of
	// the answers in a second, of which drafts gives so many as a round may need; else it is 0.
	drafts func(ctx context.Context, c contestant, n int) ([]draft, error)
	once   int
}

// mixed is what a site gets to see.
const mixed = "90 % get-session, 5 % token, 3 % sign-in, 2 % sign-up"

// usual is the number of connections where nothing else is said.
const usual = 16

// workloads in the order of the report; those of one setup follow each other.
var workloads = []workload{
	{name: "GET /ok", setup: plain, drafts: always(draft{method: "GET", path: "/ok", marker: `"ok":true`})},
	{name: "GET /get-session", setup: plain, at: []int{1, usual, 64}, drafts: everybody(getSession)},
	{name: "GET /get-session, no cookie", setup: plain, drafts: always(draft{method: "GET", path: "/get-session", marker: "null"})},
	{name: "GET /token", setup: plain, drafts: everybody(getToken)},
	{name: "GET /jwks", setup: plain, drafts: always(draft{method: "GET", path: "/jwks", marker: `"keys":`})},
	{name: "POST /sign-in/email", setup: plain, at: []int{1, usual}, slow: true, drafts: everybody(signIn)},
	{name: "POST /sign-in/email, wrong password", setup: plain, slow: true, drafts: everybody(guess)},
	{name: "POST /sign-up/email", setup: plain, slow: true, once: 200, drafts: newcomers},
	{name: "POST /sign-out", setup: plain, once: 6000, drafts: leavers},
	{name: mixed, setup: plain, slow: true, once: 4000, drafts: mixture},
	{name: "GET /get-session, cookie cache", setup: cached, drafts: everybody(getSession)},
	{name: "GET /get-session, set-auth-jwt", setup: repeated, drafts: everybody(getSession)},
	{name: "GET /get-session, rate limit in memory", setup: limited, drafts: everybody(addressed(getSession))},
}

// connections are the numbers of them to measure with.
func (w workload) connections() []int {
	if w.at == nil {
		return []int{usual}
	}
	return w.at
}

// under names the workload with a number of connections.
func (w workload) under(connections int) string {
	switch {
	case connections == usual:
		return w.name
	case connections == 1:
		return w.name + ", one at a time"
	default:
		return fmt.Sprintf("%s, %d at once", w.name, connections)
	}
}
